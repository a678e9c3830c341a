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

package dev.halley.hub.broker;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * An encoded message. The headers do not count where two are compared.
 *
 * @param bytes the bytes, UTF-8 of a text, not copied and not to be changed
 * @param binary whether they are no text
 * @param headers what travels along: printable ASCII without spaces, some thousand
 * characters at most, empty for nothing. A broker carries it as it is, beyond its
 * {@linkplain HubBroker#maxPayloadSize largest message}, or leaves it out
 * @since 0.1
 */
public record BrokerPayload(byte[] bytes, boolean binary, String headers) {

	public BrokerPayload {
		Assert.notNull(bytes, "'bytes' must not be null");
		Assert.notNull(headers, "'headers' must not be null");
	}

	/**
	 * Creates a message without headers.
	 * @param bytes the bytes
	 * @param binary whether they are no text
	 */
	public BrokerPayload(byte[] bytes, boolean binary) {
		this(bytes, binary, "");
	}

	/**
	 * Returns the same message with other headers.
	 * @param headers what travels along
	 * @return a message with the same bytes
	 */
	public BrokerPayload withHeaders(String headers) {
		return new BrokerPayload(this.bytes, this.binary, headers);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof BrokerPayload that && this.binary == that.binary
				&& Arrays.equals(this.bytes, that.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	@Override
	public String toString() {
		return "BrokerPayload[" + this.bytes.length + " bytes]";
	}

}
