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

package dev.halley;

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Exceptions;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * Encodes and decodes the data of the members of one hub.
 * <p>
 * Thread-safe. Called without locks.
 */
final class MemberDataCodec {

	private static final Log logger = LogFactory.getLog(MemberDataCodec.class);

	private final PayloadCodec codec;

	private final String hub;

	private final int mostBytes;

	private final AtomicBoolean failed = new AtomicBoolean();

	/**
	 * Creates a codec.
	 * @param codec encodes and decodes
	 * @param hub the name of the hub
	 * @param mostBytes how large a message of the broker may be
	 */
	MemberDataCodec(PayloadCodec codec, String hub, int mostBytes) {
		this.codec = codec;
		this.hub = hub;
		this.mostBytes = mostBytes;
	}

	/**
	 * Encodes the data of a member of this node.
	 * @throws IllegalArgumentException if it has no encoded form
	 * @throws HubMessageTooLargeException if that is larger than the broker carries
	 */
	BrokerPayload encode(String member, Object data) {
		BrokerPayload payload;
		try {
			payload = this.codec.encode(data);
		}
		catch (Exception ex) {
			throw unfit(member, ex);
		}
		int size = PresenceCodec.OVERHEAD + PresenceCodec.sizeOf(member, payload);
		if (size > this.mostBytes) {
			throw new HubMessageTooLargeException(this.hub, size, this.mostBytes);
		}
		return payload;
	}

	/**
	 * Decodes what was encoded here.
	 * @throws IllegalArgumentException if it cannot be
	 */
	Object decode(String member, BrokerPayload payload) {
		try {
			return this.codec.decode(payload);
		}
		catch (Exception ex) {
			throw unfit(member, ex);
		}
	}

	private IllegalArgumentException unfit(String member, Exception ex) {
		return new IllegalArgumentException("data of member '" + member + "' of hub '" + this.hub
				+ "': cannot be brought to other nodes (expected: what is JSON)", ex);
	}

	/**
	 * Decodes what another node has sent. What cannot be read is an empty string: the
	 * member is present all the same.
	 */
	Object read(BrokerPayload payload) {
		try {
			return this.codec.decode(payload);
		}
		catch (Exception | Error ex) {
			Exceptions.throwIfJvmFatal(ex);
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("Data that another node has sent of members of the hub '" + this.hub
						+ "' cannot be read, and will not be told of again", ex);
			}
			return "";
		}
	}

}
