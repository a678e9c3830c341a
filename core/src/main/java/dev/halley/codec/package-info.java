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
 * How messages become text or bytes and back: {@link dev.halley.codec.MessageCodec} for a
 * type of one's own, and the built-in codecs for text, binary, JSON and frames.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Which codec a type gets</td>
 * <td>{@code MessageCodecs} chooses; {@code CodecFactory}, {@code MessageType}: whether a
 * type can be known at the start, {@code NoMessageCodec},
 * {@code UnsupportedMessageTypeException}</td>
 * </tr>
 * <tr>
 * <td>What goes over a wire</td>
 * <td>{@code Payload}; {@code EncodedMessage}</td>
 * </tr>
 * <tr>
 * <td>Messages to bytes and back</td>
 * <td>{@code MessageCodec}; {@code BuiltInCodecs}: {@code TextCodec}, {@code BytesCodec},
 * {@code ByteBufferCodec}, {@code FrameCodec}, {@code EventDataCodec},
 * {@code SelectiveCodec}</td>
 * </tr>
 * <tr>
 * <td>JSON, and what the peer is told of bad JSON</td>
 * <td>{@code JsonCodec}, also for its charset, {@code JsonCodecs},
 * {@code JsonDiagnosis}</td>
 * </tr>
 * <tr>
 * <td>Messages that cannot be decoded or are not valid</td>
 * <td>{@code MessageDecodingException}, {@code DecodingCheck}; {@code ValidatingCodec},
 * {@code ValidatorPort}, {@code BeanValidation}, {@code InvalidMessageException}</td>
 * </tr>
 * <tr>
 * <td>What comes from hubs: its id, and the codec of its broker</td>
 * <td>{@code IdentifyingCodec}; {@code HubCodec}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.codec;

import org.jspecify.annotations.NullMarked;
