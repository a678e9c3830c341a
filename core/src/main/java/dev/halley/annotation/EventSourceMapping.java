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
 * Maps requests for {@code text/event-stream} to a method whose {@link dev.halley.Out}
 * becomes Server-Sent Events, as a browser's {@code EventSource} reads them.
 * <p>
 * The method returns {@link dev.halley.Out} or {@link dev.halley.InOut}, whose in gets
 * nothing but the end, or a {@code ResponseEntity} of one, whose status and headers are
 * used; each may come later, in a {@code Mono}, {@code CompletionStage}, {@code Callable}
 * or another type that Spring MVC takes for an asynchronous value. Each message is the
 * data of one event; with {@link org.springframework.http.codec.ServerSentEvent} as type
 * of the messages, events have an id, a name, a retry time and a comment too. The id of
 * what comes from a {@link dev.halley.Hub} that keeps a history is its
 * {@link dev.halley.Position} by itself. A {@link LastEventId} parameter gets the id that
 * a reconnecting browser sends.
 * <p>
 * The same method may have a {@link WebSocketMapping} and a {@link CometMapping} on the
 * same path: the request decides. With {@code method = POST} it takes bodies, by
 * {@code @RequestBody}, {@code @RequestPart} and all other arguments of Spring MVC.
 * Answers to HEAD have headers only, and the out is not run; methods that nothing on the
 * path is mapped to get 405; requests that accept nothing of what the path has get 406.
 * {@code @CrossOrigin}, and what is configured for all paths, tells which pages of other
 * origins may read the stream. When the out ends, a browser reconnects, unless the end is
 * {@link dev.halley.Out#eof} or {@link #reconnect} says otherwise. Strings may contain
 * {@code ${…}} placeholders.
 *
 * @since 0.1
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface EventSourceMapping {

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
	 * The methods of requests, such as POST for an answer to a body. A browser's
	 * {@code EventSource} knows GET only; {@code fetch} reads the others.
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
	 * What happens when a source that does not wait meets a full send buffer.
	 * @return one strategy; empty for that of the configuration
	 */
	Overflow[] overflow() default {};

	/**
	 * After which the stream ends, such as {@code 10m}; browsers then reconnect.
	 * @return a duration; empty for that of the configuration, which is no limit
	 */
	String timeout() default "";

	/**
	 * After which time without a message a comment is sent, such as {@code 5s}: it keeps
	 * proxies from closing the stream, and finds peers that are gone.
	 * @return a duration; empty for that of the configuration, 30 s by default
	 */
	String heartbeat() default "";

	/**
	 * After which a browser shall reconnect, such as {@code 5s}: sent first.
	 * @return a duration; empty for that of the configuration, which leaves it to the
	 * browser
	 */
	String retry() default "";

	/**
	 * Whether browsers come again when the out is over or has failed. If not, as for a
	 * job that nobody wants to run twice, their next request is answered with 204 before
	 * the method runs, which ends an {@code EventSource}. It is so in any case when the
	 * application has asked for the end, as {@link dev.halley.Out#eof} does.
	 * @return whether they come again
	 */
	boolean reconnect() default true;

}
