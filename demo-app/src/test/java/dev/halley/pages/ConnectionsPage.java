/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.pages;

import java.security.Principal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionAttributes;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.Connections;

/**
 * What docs/connections.md shows.
 */
@Controller
class ConnectionsPage {

	@WebSocketMapping("/shops/{shop}/notices")
	@EventSourceMapping("/shops/{shop}/notices")
	Out<Notice> notices(@PathVariable String shop, Principal user, ConnectionAttributes attributes) {
		attributes.set("shop", shop);
		return Out.never();
	}

	record Notice(String text) {
	}

	@Service
	static class Orders {

		private static final Log logger = LogFactory.getLog(Orders.class);

		private final Connections connections;

		private final Set<String> disabled = ConcurrentHashMap.newKeySet();

		Orders(Connections connections) {
			this.connections = connections;
		}

		void shipped(String customer, String order) {
			this.connections.send(customer, new Notice("Order " + order + " is on its way"));
		}

		void closing(String shop) {
			ConnectionFilter inShop = ConnectionFilter.ALL.attribute("shop", shop);
			this.connections.send(inShop, new Notice("We close in ten minutes"));
		}

		void lockOut(String user) {
			this.disabled.add(user); // first, so that no handshake comes after
			Connections.Closed closed = this.connections.close(user,
					CloseStatus.POLICY_VIOLATION.withReason("account disabled"));
			closed.elsewhere().whenComplete((done, failure) -> {
				if (failure != null) {
					logger.warn("Other nodes may still have connections of " + user, failure);
				}
			});
		}

		boolean isDisabled(String user) {
			return this.disabled.contains(user);
		}

	}

}
