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

/**
 * Comet: the messages of an {@code Out} as script tags of an HTML page that never ends.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>The helper for ordinary controllers</td>
 * <td>{@code Comet}, {@code CometEmitter}</td>
 * </tr>
 * <tr>
 * <td>What is written when: first chunk, messages, end</td>
 * <td>{@code CometStreamFormat}; {@code HtmlFormat} for HTML as the application wrote
 * it</td>
 * </tr>
 * <tr>
 * <td>The bytes: script tags and their attributes, heartbeats</td>
 * <td>{@code CometEncoder}; {@code CometMarkup} has what is configured for it, first of
 * all the chunk before the first message, with {@code CometEnd}; the nonce comes from a
 * {@code CometNonce} or a policy ({@code CspNonce})</td>
 * </tr>
 * <tr>
 * <td>Values in a script, and what is escaped in them</td>
 * <td>{@code JavaScriptLiteral} for text, {@code JsonText} for what is JSON already;
 * {@code CallbackArguments}</td>
 * </tr>
 * <tr>
 * <td>The function that is called: which names may be</td>
 * <td>{@code CallbackName}, {@code InvalidCallbackException}</td>
 * </tr>
 * <tr>
 * <td>Codecs</td>
 * <td>{@code CometCodec}, {@code CometIdCodec}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.comet;

import org.jspecify.annotations.NullMarked;
