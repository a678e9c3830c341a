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
import org.springframework.web.bind.annotation.RequestMethod;

import dev.halley.Overflow;

/**
 * Maps requests for HTML to a method whose {@link dev.halley.Out} becomes a Comet stream:
 * a response that does not end, for a hidden iframe, with one script element for each
 * message, which calls a function with the message.
 * <p>
 * The method returns {@link dev.halley.Out} or {@link dev.halley.InOut}, whose in gets
 * nothing but the end, or a {@code ResponseEntity} of one, whose status and headers are
 * used; each may come later, in a {@code Mono}, {@code CompletionStage}, {@code Callable}
 * or another type that Spring MVC takes for an asynchronous value. Strings arrive as
 * strings, types that are JSON as values.
 * <p>
 * The same method may have a {@link WebSocketMapping} and an {@link EventSourceMapping}
 * on the same path: the request decides. Answers to HEAD have headers only, and the out
 * is not run; methods that nothing on the path is mapped to get 405; requests that accept
 * nothing of what the path has get 406.
 * <p>
 * Responses may be framed by pages of the same origin, even where Spring Security denies
 * framing by default, unless the method's {@code ResponseEntity} says otherwise. Strings
 * may contain {@code ${…}} placeholders.
 *
 * @since 0.1
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface CometMapping {

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
	 * The methods of requests, such as POST for a form whose target is the iframe.
	 * @return the methods; empty for GET, which HEAD comes with
	 */
	RequestMethod[] method() default {};

	/**
	 * Conditions on parameters, as in
	 * {@link org.springframework.web.bind.annotation.RequestMapping#params}.
	 * @return the conditions
	 */
	String[] params() default {};

	/**
	 * Conditions on headers, as in
	 * {@link org.springframework.web.bind.annotation.RequestMapping#headers}.
	 * @return the conditions
	 */
	String[] headers() default {};

	/**
	 * Conditions on the type of the body, as in
	 * {@link org.springframework.web.bind.annotation.RequestMapping#consumes}.
	 * @return the types; empty for those of the class, if a method is named
	 */
	String[] consumes() default {};

	/**
	 * The JavaScript function that is called with each message, such as
	 * {@code parent.cometMessage}: identifiers joined by dots.
	 * @return the name; may be empty if the page chooses it
	 */
	String callback() default "";

	/**
	 * The name of a request parameter by which the page chooses the function. What is no
	 * safe name gets 400.
	 * @return the parameter; empty if the page does not choose
	 */
	String callbackParameter() default "";

	/**
	 * The JavaScript function that is called last, without an argument, when the
	 * application has asked for the end, as {@link dev.halley.Out#eof} does: the page
	 * need not ask for the stream again.
	 * @return the name; empty for none
	 */
	String endCallback() default "";

	/**
	 * Whether the page may ask again when the out is over or has failed. If not, as for a
	 * job that nobody wants to run twice, {@link #endCallback} is called then too.
	 * @return whether it may
	 */
	boolean reconnect() default true;

	/**
	 * The name of the request attribute with the nonce of the scripts.
	 * @return the attribute; empty for none
	 */
	String nonceAttribute() default "";

	/**
	 * Whether the nonce of the scripts is taken from the response's
	 * {@code Content-Security-Policy} headers.
	 * @return whether it is, if there is no attribute with it
	 */
	boolean nonceFromPolicy() default false;

	/**
	 * Whether each script tag removes itself after it ran, so that an iframe open for
	 * days does not grow.
	 * @return one value; empty for that of the configuration
	 */
	boolean[] removeScripts() default {};

	/**
	 * Whether the function gets the id of the message as a second argument, a string,
	 * where there is one: that of a
	 * {@link org.springframework.http.codec.ServerSentEvent}, or the
	 * {@link dev.halley.Position} of what comes from a hub that keeps a history. The page
	 * gives it back as the parameter {@code lastEventId}, see {@link LastEventId}.
	 * @return whether it does
	 */
	boolean eventIds() default false;

	/**
	 * What happens when a source that does not wait meets a full send buffer.
	 * @return one strategy; empty for that of the configuration
	 */
	Overflow[] overflow() default {};

	/**
	 * After which the stream ends, such as {@code 10m}.
	 * @return a duration; empty for that of the configuration, which is no limit
	 */
	String timeout() default "";

	/**
	 * After which time without a message a space is sent, such as {@code 5s}: it keeps
	 * proxies from closing the stream, and finds peers that are gone.
	 * @return a duration; empty for that of the configuration, 30 s by default
	 */
	String heartbeat() default "";

}
