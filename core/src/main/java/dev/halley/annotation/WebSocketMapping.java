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

package dev.halley.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

import dev.halley.Overflow;

/**
 * Maps WebSocket handshakes to a method that returns a pair: {@link dev.halley.InOut},
 * {@link dev.halley.Out} alone (what comes in is ignored) or {@link dev.halley.In} alone,
 * or a {@code ResponseEntity} of one, whose headers and cookies go into the 101 response.
 * Each of them may come later, in a {@code Mono}, {@code CompletionStage},
 * {@code Callable} or another type that Spring MVC takes for an asynchronous value.
 * <p>
 * The method may be one of any bean. It runs before the upgrade, with Spring MVC's
 * argument resolvers, interceptors and exception handlers; a {@code Handshake} parameter
 * tells what was negotiated. An exception, or a {@code ResponseEntity} without a pair, is
 * the HTTP answer: the handshake is refused. Handshakes that are malformed or come from a
 * foreign origin are refused before the method runs.
 * <p>
 * If the bean is a proxy, such as for method security, the method must be one that the
 * proxy can intercept: neither private nor final nor static. What cannot work, this or a
 * parameter that no handshake can give a value, stops the application at its start.
 * <p>
 * Plain requests to the path get 426 unless another handler is mapped to it. A
 * {@link org.springframework.web.bind.annotation.RequestMapping} on the class gives the
 * path's beginning, and restricts parameters and headers. Strings may contain
 * {@code ${…}} placeholders.
 *
 * @since 0.1
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface WebSocketMapping {

	/**
	 * Alias for {@link #path}.
	 * @return the paths
	 */
	@AliasFor("path")
	String[] value() default {};

	/**
	 * Path patterns such as {@code /rooms/{room}}, as in
	 * {@link org.springframework.web.bind.annotation.RequestMapping#path}.
	 * @return the paths; may be empty if the class has one
	 */
	@AliasFor("value")
	String[] path() default {};

	/**
	 * Subprotocols that this endpoint speaks, the preferred first. The first one that the
	 * client offers is chosen.
	 * @return the names, case-sensitive
	 */
	String[] subprotocols() default {};

	/**
	 * Whether a client that offers none of the subprotocols is refused with 400. By
	 * default it is accepted, without a subprotocol.
	 * @return whether one is required
	 */
	boolean subprotocolRequired() default false;

	/**
	 * Origins whose pages may connect, besides the application's own: such as
	 * {@code https://example.org}, {@code https://*.example.org:*}, or {@code *} for all.
	 * Clients that send no origin, which are not browsers, are always accepted.
	 * @return patterns; empty for those of the configuration
	 */
	String[] allowedOrigins() default {};

	/**
	 * What happens when a source that does not wait meets a full send buffer.
	 * @return one strategy; empty for that of the configuration
	 */
	Overflow[] overflow() default {};

	/**
	 * Largest message that is taken, such as {@code 1MB}. A larger one closes the
	 * connection with 1009.
	 * @return a data size; empty for that of the configuration
	 */
	String maxMessageSize() default "";

	/**
	 * Most messages that a client may send each second, such as {@code 20}. A faster one
	 * is held up, and closed with 1008 if it goes on.
	 * @return a number, 0 for no limit; empty for that of the configuration
	 */
	String messagesPerSecond() default "";

	/**
	 * Most bytes of messages that a client may send each second, such as {@code 64KB}. A
	 * faster one is held up, and closed with 1008 if it goes on.
	 * @return a data size, 0 for no limit; empty for that of the configuration
	 */
	String bytesPerSecond() default "";

}
