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

/**
 * A parameter that gets the id of the last event which a reconnecting client has seen:
 * from its {@code Last-Event-ID} header, which a browser's {@code EventSource} sends by
 * itself, or else from the parameter {@code lastEventId} of its query, for Comet,
 * WebSockets and all clients that can set no headers. With both the header counts.
 * <p>
 * A {@code String} is {@code null} if there is none, an {@code Optional} empty. A
 * {@link dev.halley.Position}, for {@link dev.halley.Replay#after}, is one that no hub
 * knows if the id is none that a hub has given. Other types are converted, and 400
 * answers what cannot be. One that is never absent, such as {@code long} or a type that
 * is declared not to be {@code null}, stops the application at its start: the first time
 * there is no id.
 *
 * @since 0.1
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface LastEventId {

}
