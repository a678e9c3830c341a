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

package dev.halley.boot;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import dev.halley.connection.ConnectionFilter;

/**
 * Shows users and addresses to those who may see them.
 */
@EndpointWebExtension(endpoint = HalleyEndpoint.class)
final class HalleyEndpointWebExtension {

	private final HalleyEndpoint endpoint;

	private final Show show;

	private final Set<String> roles;

	HalleyEndpointWebExtension(HalleyEndpoint endpoint, Show show, Set<String> roles) {
		this.endpoint = endpoint;
		this.show = show;
		this.roles = roles;
	}

	@ReadOperation
	@Nullable Object list(SecurityContext security, @Selector String what, @Nullable String user, @Nullable String endpoint,
			@Nullable String transport, @Nullable Integer page, @Nullable Integer size) {
		return this.endpoint.list(what, new ConnectionFilter(user, endpoint, transport, Map.of()), page, size,
				this.show.isShown(security, this.roles));
	}

	@ReadOperation
	@Nullable Object one(SecurityContext security, @Selector String what, @Selector String id) {
		return this.endpoint.one(what, id, this.show.isShown(security, this.roles));
	}

}
