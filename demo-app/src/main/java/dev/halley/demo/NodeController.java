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

package dev.halley.demo;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

import dev.halley.hub.broker.HubBroker;

/**
 * Tells the page which process it is from, where there are several with hubs in common.
 */
@Controller
class NodeController {

	private final ObjectProvider<HubBroker> broker;

	NodeController(ObjectProvider<HubBroker> broker) {
		this.broker = broker;
	}

	@GetMapping(path = "/node", produces = MediaType.TEXT_PLAIN_VALUE)
	ResponseEntity<String> node(HttpServletRequest request) {
		if (this.broker.getIfAvailable() == null) {
			return ResponseEntity.noContent().build();
		}
		return ResponseEntity.ok(String.valueOf(request.getLocalPort()));
	}

}
