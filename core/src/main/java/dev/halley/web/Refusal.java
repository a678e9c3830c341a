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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.UnsatisfiedServletRequestParameterException;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * The answer to a request that nobody serves though its path is served. Of all that was
 * found lacking, what is closest to being served decides, and names what would be.
 */
final class Refusal implements HttpRequestHandler {

	private final List<String> allowed;

	private Lack closest = Lack.METHOD;

	private @Nullable Wire<?> upgrade;

	private final Set<MediaType> types = new LinkedHashSet<>();

	private final List<String[]> params = new ArrayList<>();

	/**
	 * Creates a refusal, which is that of the request's method until more is known.
	 * @param allowed the methods that are served
	 */
	Refusal(List<String> allowed) {
		this.allowed = allowed;
	}

	/** Adds what an ordinary handler lacks. */
	Refusal add(@Nullable Exception failure) {
		if (failure instanceof HttpMediaTypeNotSupportedException ex) {
			addTypes(Lack.CONTENT_TYPE, ex.getSupportedMediaTypes());
		}
		else if (failure instanceof HttpMediaTypeNotAcceptableException ex) {
			addTypes(Lack.ACCEPT, ex.getSupportedMediaTypes());
		}
		else if (failure instanceof UnsatisfiedServletRequestParameterException ex && isAtLeast(Lack.PARAMETERS)) {
			this.params.addAll(ex.getParamConditionGroups());
		}
		return this;
	}

	/** Adds what an endpoint lacks. */
	void add(Wire<?> wire, RequestMappingInfo mapping, HttpServletRequest request) {
		MediaType content = wire.content();
		if (content == null) {
			boolean asks = HttpMethod.GET.matches(request.getMethod()) || HttpMethod.HEAD.matches(request.getMethod());
			this.upgrade = (asks && isAtLeast(Lack.UPGRADE)) ? wire : this.upgrade;
		}
		else if (mapping.getMethodsCondition().getMatchingCondition(request) != null) {
			addContent(wire, content, mapping, request);
		}
	}

	private void addContent(Wire<?> wire, MediaType content, RequestMappingInfo mapping, HttpServletRequest request) {
		if (mapping.getConsumesCondition().getMatchingCondition(request) == null) {
			addTypes(Lack.CONTENT_TYPE, mapping.getConsumesCondition().getConsumableMediaTypes());
		}
		else if (!wire.isAcceptableTo(request)) {
			addTypes(Lack.ACCEPT, List.of(content));
		}
		else if (mapping.getParamsCondition().getMatchingCondition(request) != null) {
			isAtLeast(Lack.NO_UPGRADE);
		}
		else if (isAtLeast(Lack.PARAMETERS)) {
			this.params.add(mapping.getParamsCondition()
				.getExpressions()
				.stream()
				.map(Object::toString)
				.toArray(String[]::new));
		}
	}

	private void addTypes(Lack lack, Collection<MediaType> types) {
		if (isAtLeast(lack)) {
			this.types.addAll(types);
		}
	}

	/** Whether a lack is to be told, which makes those that are less close untold. */
	private boolean isAtLeast(Lack lack) {
		if (lack.compareTo(this.closest) > 0) {
			this.closest = lack;
			this.types.clear();
		}
		return lack == this.closest;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
		Vary.complete(request, response);
		Wire<?> upgrade = this.upgrade;
		switch (this.closest) {
			case METHOD -> throw new HttpRequestMethodNotSupportedException(request.getMethod(), this.allowed);
			case UPGRADE -> {
				if (upgrade != null) {
					upgrade.refuse(request);
				}
			}
			case CONTENT_TYPE -> throw unsupported(request);
			case ACCEPT -> throw new HttpMediaTypeNotAcceptableException(List.copyOf(this.types));
			case PARAMETERS ->
				throw new UnsatisfiedServletRequestParameterException(this.params, request.getParameterMap());
			case NO_UPGRADE ->
				throw new HandshakeRefusedException(HttpStatus.BAD_REQUEST, "This path has streams, but no WebSocket");
		}
	}

	private ServletException unsupported(HttpServletRequest request) {
		List<MediaType> supported = List.copyOf(this.types);
		String given = request.getContentType();
		try {
			return new HttpMediaTypeNotSupportedException(
					StringUtils.hasLength(given) ? MediaType.parseMediaType(given) : null, supported,
					HttpMethod.valueOf(request.getMethod()));
		}
		catch (InvalidMediaTypeException ex) {
			return new HttpMediaTypeNotSupportedException(ex.getMessage(), supported);
		}
	}

	/** What keeps a request from being served; the later, the closer it is. */
	private enum Lack {

		METHOD, UPGRADE, CONTENT_TYPE, ACCEPT, PARAMETERS, NO_UPGRADE

	}

}
