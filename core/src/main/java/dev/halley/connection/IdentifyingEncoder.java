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

package dev.halley.connection;

import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import dev.halley.HubSignal;
import dev.halley.Position;
import dev.halley.Positions;
import dev.halley.SharedMessage;
import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.Payload;

/**
 * Encodes what leaves the out of one connection, and gives what comes from hubs the
 * position as its id. Where the connection reads one hub, the id is part of the form that
 * all connections share. Where it reads several, they share all but the id, since each
 * has got to another place by then.
 */
final class IdentifyingEncoder implements ToLongFunction<Object> {

	private final PayloadEncoder plain;

	private final IdentifyingCodec<Object> codec;

	private final Identified identified;

	private final Positions positions;

	private IdentifyingEncoder(PayloadEncoder plain, IdentifyingCodec<Object> codec) {
		this.plain = plain;
		this.codec = codec;
		this.identified = new Identified(plain, codec);
		this.positions = new Positions(codec.hasSignals());
	}

	/** Returns the one of a connection, or {@code null} if its messages have no ids. */
	static @Nullable IdentifyingEncoder of(PayloadEncoder plain) {
		return (plain.codec() instanceof IdentifyingCodec<Object> codec) ? new IdentifyingEncoder(plain, codec) : null;
	}

	/** Where the connection is. */
	Positions positions() {
		return this.positions;
	}

	/** Encodes what is sent next. */
	Payload encode(Object element) throws Exception {
		if (element instanceof HubSignal signal) {
			Position reached = this.positions.reach(signal.position());
			return this.codec.identify(this.codec.signal(signal.isReset()), reached.toString());
		}
		if (element instanceof SharedMessage<?> message) {
			Position position = message.position();
			if (position != null) {
				return encode(message, position, this.positions.reach(position));
			}
		}
		return this.plain.encode(element);
	}

	private Payload encode(SharedMessage<?> message, Position position, Position reached) throws Exception {
		return reached.equals(position) ? message.encodedWithPositionBy(this.identified)
				: this.codec.identify(message.encodedBy(this.plain), reached.toString());
	}

	/** Weighs the form that will be sent, without the id where that is not shared. */
	@Override
	public long applyAsLong(Object element) {
		if (!(element instanceof SharedMessage<?> message) || message.position() == null
				|| this.positions.areSeveral()) {
			return this.plain.applyAsLong(element);
		}
		try {
			return message.encodedWithPositionBy(this.identified).size();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Equal for equal codecs, as all that encodes what is shared. */
	private record Identified(PayloadEncoder plain,
			IdentifyingCodec<Object> codec) implements BiFunction<Object, Position, Payload> {

		@Override
		public Payload apply(Object message, Position position) {
			return this.codec.identify(this.plain.apply(message), position.toString());
		}

	}

}
