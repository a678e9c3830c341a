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

package dev.halley.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.mvc.condition.RequestCondition;

/**
 * Carries the endpoint in its mapping, so that a match finds it. Restricts nothing, and
 * all are equal, so that two endpoints with one path are seen.
 *
 * @param endpoint the endpoint
 */
record EndpointCondition(Endpoint endpoint) implements RequestCondition<EndpointCondition> {

	@Override
	public EndpointCondition combine(EndpointCondition other) {
		return other;
	}

	@Override
	public EndpointCondition getMatchingCondition(HttpServletRequest request) {
		return this;
	}

	@Override
	public int compareTo(EndpointCondition other, HttpServletRequest request) {
		return 0;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof EndpointCondition;
	}

	@Override
	public int hashCode() {
		return EndpointCondition.class.hashCode();
	}

	/** As part of a mapping: its path, and then this. */
	@Override
	public String toString() {
		return this.endpoint.transport() + " " + this.endpoint.handler();
	}

}
