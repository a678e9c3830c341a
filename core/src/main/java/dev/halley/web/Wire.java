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

import java.lang.annotation.Annotation;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.http.MediaType;
import org.springframework.util.StringValueResolver;

/**
 * One kind of wire, as Spring MVC sees it: which annotation maps methods to it, which
 * requests ask for it, and what the others are told. A method may have the mappings of
 * several wires on one path; the request decides.
 *
 * @param <A> the annotation that maps methods
 */
interface Wire<A extends Annotation> {

	/**
	 * Returns the annotation that maps methods, directly or as a meta-annotation.
	 * @return the annotation's type
	 */
	Class<A> annotationType();

	/**
	 * Binds a mapped method, at start-up.
	 * @param method the method
	 * @param mapping its annotation
	 * @param placeholders resolves placeholders in the annotation's strings
	 * @return the endpoint
	 * @throws InvalidMappingException if it cannot work
	 */
	Endpoint bind(EndpointMethod method, MergedAnnotation<A> mapping, StringValueResolver placeholders);

	/**
	 * Whether a request asks for this wire, well-formed or not.
	 * @param request the request
	 * @return whether it is for an endpoint of this wire, if one has its path
	 */
	boolean isAskedFor(HttpServletRequest request);

	/**
	 * Whether a request that does not ask for this wire takes what it sends, if nobody
	 * else serves the request.
	 * @param request the request
	 * @return whether it may be served
	 */
	default boolean isAcceptableTo(HttpServletRequest request) {
		return false;
	}

	/**
	 * Returns the type of the content that ordinary requests are answered with, chosen by
	 * {@code Accept}.
	 * @return the type, or {@code null} if this wire needs an upgrade
	 */
	default @Nullable MediaType content() {
		return null;
	}

	/**
	 * Answers a request that has an endpoint's path but not the upgrade that this wire
	 * needs, when nobody else serves it.
	 * @param request the request
	 * @throws ServletException the answer, unless it is a runtime exception
	 */
	default void refuse(HttpServletRequest request) throws ServletException {
		throw new IllegalStateException("No upgrade is needed");
	}

}
