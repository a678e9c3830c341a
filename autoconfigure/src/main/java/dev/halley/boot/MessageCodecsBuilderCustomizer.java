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

import dev.halley.codec.MessageCodecs;

/**
 * Changes the builder of the application's {@link MessageCodecs}: what reads and writes
 * JSON, for one, where messages take another mapper than the rest of the application. For
 * beans, in the order of {@code @Order}; those without one come after what Spring Boot's
 * {@code JsonMapper} and {@code Validator} add. {@code MessageCodec} beans need none of
 * this.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface MessageCodecsBuilderCustomizer {

	/**
	 * Changes the builder.
	 * @param builder the builder, which has the {@code MessageCodec} beans already
	 */
	void customize(MessageCodecs.Builder builder);

}
