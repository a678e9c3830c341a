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

import java.io.IOException;
import java.security.Principal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.OncePerRequestFilter;

import dev.halley.pages.ConnectionsPage.Notice;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/connections.md shows.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import({ ConnectionsPage.class, ConnectionsPage.Orders.class, ConnectionsPageTests.UserFilter.class })
class ConnectionsPageTests {

	@Test
	void reachesAndClosesUsers(@Autowired LiveClients clients, @Autowired ConnectionsPage.Orders orders) {
		LiveClient<Void, Notice> ada = open(clients, "Ada", "/shops/1/notices");
		LiveClient<Void, Notice> bob = open(clients, "Bob", "/shops/2/notices");
		orders.shipped("Ada", "A-1");
		orders.closing("2");
		assertThat(ada.next()).isEqualTo(new Notice("Order A-1 is on its way"));
		assertThat(bob.next()).isEqualTo(new Notice("We close in ten minutes"));
		orders.lockOut("Ada");
		ada.expectClose(1008);
		assertThat(orders.isDisabled("Ada")).isTrue();
		orders.shipped("Bob", "B-1");
		assertThat(bob.next()).isEqualTo(new Notice("Order B-1 is on its way"));
		bob.close();
	}

	private static LiveClient<Void, Notice> open(LiveClients clients, String user, String path) {
		return clients.withHeader("X-User", user).webSocket(path, Void.class, Notice.class);
	}

	/** The user is who a header says. */
	static class UserFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String name = request.getHeader("X-User");
			chain.doFilter(new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return () -> name;
				}

			}, response);
		}

	}

}
