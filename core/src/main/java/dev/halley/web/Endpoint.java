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

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

/**
 * A method that is bound to a wire.
 */
interface Endpoint {

	/**
	 * Returns the path patterns that the annotation gives.
	 * @return the patterns, placeholders resolved
	 */
	List<String> paths();

	/**
	 * Restricts the requests that are taken beyond their path.
	 * @param mapping the mapping to the paths
	 * @return the mapping
	 */
	default RequestMappingInfo.Builder restrict(RequestMappingInfo.Builder mapping) {
		return mapping;
	}

	/**
	 * Whether requests may have bodies, so that what the class says of them concerns this
	 * endpoint.
	 * @return whether they may
	 */
	default boolean takesBodies() {
		return false;
	}

	/**
	 * Returns the kind of its wire, such as {@code websocket}.
	 * @return the name of the transport
	 */
	String transport();

	/**
	 * Returns where its connections are registered.
	 * @return the registry
	 */
	ConnectionRegistry registry();

	/**
	 * Returns the method that answers.
	 * @return the method in short form
	 */
	String handler();

	/**
	 * Returns the limits and time-outs of its connections.
	 * @return the settings
	 */
	ConnectionSettings settings();

	/**
	 * Returns what it speaks.
	 * @return the names of subprotocols, the preferred first
	 */
	default List<String> spoken() {
		return List.of();
	}

	/**
	 * Returns from where else pages may connect than from here.
	 * @return patterns of origins
	 */
	default List<String> allowed() {
		return List.of();
	}

	/**
	 * Checks a request, before the method runs, and takes a place for the connection.
	 * @param request a request that asks for the endpoint's wire
	 * @param controller the bean whose method answers
	 * @return what is to be accepted or closed
	 * @throws Exception the HTTP answer, if the request is refused
	 */
	default Attempt attempt(HttpServletRequest request, Object controller) throws Exception {
		return ObservedAttempt.begin(this, request, controller);
	}

	/**
	 * Does what {@link #attempt} does, and tells nobody of it.
	 * @param request a request that asks for the endpoint's wire
	 * @param controller the bean whose method answers
	 * @return what is to be accepted or closed
	 * @throws Exception the HTTP answer, if the request is refused
	 */
	Attempt begin(HttpServletRequest request, Object controller) throws Exception;

}
