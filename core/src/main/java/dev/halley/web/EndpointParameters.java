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

import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.Nullness;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.http.HttpEntity;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.MatrixVariable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.util.UriTemplate;

import dev.halley.Channel;
import dev.halley.annotation.LastEventId;
import dev.halley.connection.ConnectionInfo;

/**
 * Finds parameters of a mapped method that no request could give a value, which Spring
 * MVC would tell at the first request only.
 *
 * @param method the mapped method
 */
record EndpointParameters(EndpointMethod method) {

	private static final List<Class<? extends Annotation>> NAMED = List.of(PathVariable.class, RequestParam.class,
			RequestHeader.class, CookieValue.class, MatrixVariable.class, SessionAttribute.class,
			RequestAttribute.class);

	/**
	 * What belongs to the life of a connection, which has not begun when it is called.
	 */
	private static final List<Class<?>> LATER = List.of(WebSocketSession.class, WebSocketMessage.class,
			ConnectionInfo.class, Channel.class);

	private static final List<Class<?>> BODIES = List.of(HttpEntity.class, InputStream.class, Reader.class,
			MultipartFile.class, Part.class);

	private Stream<MethodParameter> parameters() {
		return Stream.of(new AnnotatedMethod(this.method.method()).getMethodParameters())
			.map((parameter) -> parameter.withContainingClass(this.method.type()));
	}

	/**
	 * Checks what holds on all wires.
	 * @param paths the path patterns of the mapping, complete
	 * @throws InvalidMappingException if a parameter can have no value
	 */
	void check(Set<String> paths) {
		parameters().forEach((parameter) -> {
			checkKind(parameter);
			checkLastEventId(parameter);
			MergedAnnotations annotations = MergedAnnotations.from(parameter.getParameterAnnotations());
			NAMED.forEach((type) -> Optional.of(annotations.get(type))
				.filter(MergedAnnotation::isPresent)
				.ifPresent((annotation) -> checkNamed(parameter, annotation, paths)));
		});
	}

	private void checkKind(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (PairSignature.isPair(type) || LATER.stream().anyMatch((later) -> later.isAssignableFrom(type))) {
			throw invalid(parameter, "of a connection, which is not there before the method returned",
					"Handshake for what is known of the request; messages come to In, and go out by Out");
		}
		if (parameter.hasParameterAnnotation(Payload.class)) {
			throw invalid(parameter, "a message, but the method is called once for each connection",
					"the message as the type of InOut or In, and In.forEach(…) to handle it");
		}
		if (parameter.hasParameterAnnotation(DestinationVariable.class)
				|| parameter.hasParameterAnnotation(Header.class)) {
			throw invalid(parameter, "of a STOMP message, but the method is called for an HTTP request",
					"@PathVariable or @RequestHeader");
		}
	}

	private void checkLastEventId(MethodParameter parameter) {
		if (parameter.hasParameterAnnotation(LastEventId.class) && parameter.getParameterType() != Optional.class
				&& Nullness.forMethodParameter(parameter) == Nullness.NON_NULL) {
			throw invalid(parameter, "never null, but a client that connects for the first time has no last event id",
					"Optional<…>, or a type that can be null with @Nullable, such as @LastEventId @Nullable Long");
		}
	}

	private void checkNamed(MethodParameter parameter, MergedAnnotation<?> annotation, Set<String> paths) {
		String name = annotation.getString("name");
		if (name.isEmpty() && Map.class.isAssignableFrom(parameter.getParameterType())) {
			return;
		}
		String simple = "@" + annotation.getType().getSimpleName();
		if (name.isEmpty()) {
			parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
			name = parameter.getParameterName();
		}
		if (name == null || name.isEmpty()) {
			throw invalid(parameter, "without a name, and the class files have none",
					"the name in " + simple + ", or the compiler's option -parameters");
		}
		boolean optional = !annotation.getBoolean("required") || parameter.isOptional();
		if (optional && isNeverNull(parameter) && !hasDefault(annotation)) {
			throw invalid(parameter, "optional, but a primitive type cannot be absent",
					"a type that can be null, Optional<…>, or a default value");
		}
		if (annotation.getType() == PathVariable.class && !optional) {
			checkVariable(parameter, name, paths);
		}
	}

	/** An absent {@code boolean} is {@code false}; Kotlin has defaults of its own. */
	private static boolean isNeverNull(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type.isPrimitive() && type != boolean.class && !parameter.isOptional();
	}

	private static boolean hasDefault(MergedAnnotation<?> annotation) {
		return annotation.getValue("defaultValue", String.class)
			.filter((value) -> !value.equals(ValueConstants.DEFAULT_NONE))
			.isPresent();
	}

	private void checkVariable(MethodParameter parameter, String name, Set<String> paths) {
		for (String path : paths) {
			List<String> variables = new UriTemplate(path).getVariableNames()
				.stream()
				.map((variable) -> StringUtils.trimLeadingCharacter(variable, '*'))
				.toList();
			if (!variables.contains(name)) {
				throw invalid(parameter, "the path variable '" + name + "', which is not in the path " + path,
						"a path with {" + name + "}" + (variables.isEmpty() ? "" : ", or one of " + variables)
								+ ", or required = false");
			}
		}
	}

	/**
	 * Checks that nothing is read from a body, for a wire whose requests have none.
	 * @throws InvalidMappingException if a parameter is a body or a part of one
	 */
	void checkNoBody() {
		parameters().filter(EndpointParameters::isBody).findFirst().ifPresent((parameter) -> {
			throw invalid(parameter, "read from the body of the request, but a WebSocket begins with a GET without one",
					"@PathVariable, @RequestParam or @RequestHeader; or the first message, with the type of InOut or In");
		});
	}

	private static boolean isBody(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(RequestBody.class)
				|| parameter.hasParameterAnnotation(RequestPart.class)
				|| mentionsBody(ResolvableType.forMethodParameter(parameter));
	}

	private static boolean mentionsBody(ResolvableType type) {
		Class<?> raw = type.toClass();
		if (HttpEntity.class.isAssignableFrom(raw) && type.as(HttpEntity.class).getGeneric(0).toClass() == Void.class) {
			// Just the headers
			return false;
		}
		if (Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw) || raw == Optional.class) {
			return Stream.of(type.getGenerics()).anyMatch(EndpointParameters::mentionsBody);
		}
		Class<?> element = raw.isArray() ? raw.getComponentType() : raw;
		return BODIES.stream().anyMatch((body) -> body.isAssignableFrom(element));
	}

	private InvalidMappingException invalid(MethodParameter parameter, String problem, String remedy) {
		return this.method.invalid(
				"parameter " + (parameter.getParameterIndex() + 1) + " (" + describe(parameter) + ") is " + problem,
				remedy);
	}

	private static String describe(MethodParameter parameter) {
		parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		@Nullable String name = parameter.getParameterName();
		String type = ResolvableType.forMethodParameter(parameter).toString();
		return (name != null) ? type + " " + name : type;
	}

}
