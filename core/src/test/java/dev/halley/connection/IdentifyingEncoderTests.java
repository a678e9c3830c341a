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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Positions;
import dev.halley.Replay;
import dev.halley.SharedMessage;
import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdentifyingEncoder}.
 */
@Timeout(60)
class IdentifyingEncoderTests {

	private final Hubs hubs = Hubs.inMemory();

	private final Hub<String> hub = this.hubs.hub("a", String.class, History.ofMessages(10));

	private final Hub<String> other = this.hubs.hub("b", String.class, History.ofMessages(10));

	private final CountingCodec codec = new CountingCodec();

	@Test
	void messageToManyConnectionsIsEncodedOnceItsIdIncluded() {
		Wire one = new Wire(this.hub.out());
		Wire two = new Wire(this.hub.out().filter((message) -> true));
		String position = publish(this.hub, "hello");
		assertThat(one.last().text()).isEqualTo("hello#" + position);
		assertThat(two.last()).isSameAs(one.last());
		assertThat(this.codec.encoded).hasValue(1);
		assertThat(this.codec.identified).as("two starts and a message").hasValue(3);
	}

	@Test
	void whereSeveralHubsAreReadAllButTheIdIsEncodedOnce() {
		Wire one = new Wire(this.hub.out().interleave(this.other.out()));
		publish(this.hub, "before");
		Wire two = new Wire(this.hub.out().interleave(this.other.out()));
		publish(this.other, "hello");
		assertThat(one.last().text()).startsWith("hello#").contains(".").isEqualTo(two.last().text());
		assertThat(this.codec.encoded).hasValue(2);
	}

	@Test
	void whatIsNotOfAHubHasNoId() {
		assertThat(new Wire(Out.of("hello")).last().text()).isEqualTo("hello");
		Hub<String> plain = this.hubs.hub("plain", String.class);
		Wire wire = new Wire(plain.out());
		plain.publish("hello");
		assertThat(wire.last().text()).isEqualTo("hello");
	}

	@Test
	void signalsAreToldWithAnId() {
		assertThat(new Wire(this.hub.out()).last().text()).matches("start#[a-z0-9]+-0");
		publish(this.hub, "1");
		assertThat(new Wire(this.hub.out(Replay.after("?"))).last().text()).matches("reset#[a-z0-9]+-1");
	}

	@Test
	void weighsWhatWillBeSentAndEncodesItNoMoreThanOnce() throws Exception {
		Wire wire = new Wire(this.hub.out().map((message) -> message + "!"));
		String position = publish(this.hub, "hello");
		SharedMessage<?> message = (SharedMessage<?>) wire.lastElement();
		int encoded = this.codec.encoded.get();
		assertThat(wire.encoder.applyAsLong(message)).isEqualTo(("hello!#" + position).length());
		assertThat(wire.encoder.encode(message)).isSameAs(wire.last());
		assertThat(this.codec.encoded).hasValue(encoded);
		assertThat(wire.encoder.applyAsLong("plain")).isEqualTo(5);
	}

	@Test
	void codecThatFailsFailsAsEver() {
		Wire wire = new Wire(this.hub.out());
		publish(this.hub, "!");
		assertThat(wire.error).isInstanceOf(IllegalArgumentException.class).hasMessage("no encoded form");
	}

	@Test
	@SuppressWarnings("unchecked")
	void codecWithoutIdsHasNoSuchEncoder() {
		MessageCodec<?> plain = new Runs().codec;
		assertThat(IdentifyingEncoder.of(new PayloadEncoder((MessageCodec<Object>) plain))).isNull();
	}

	private static String publish(Hub<String> hub, String message) {
		return String.valueOf(hub.publish(message).toCompletableFuture().getNow(null));
	}

	/** Puts the id behind the text. */
	private static final class CountingCodec implements IdentifyingCodec<Object> {

		final AtomicInteger encoded = new AtomicInteger();

		final AtomicInteger identified = new AtomicInteger();

		@Override
		public Payload encode(Object message) {
			this.encoded.incrementAndGet();
			if (message.equals("!")) {
				throw new IllegalArgumentException("no encoded form");
			}
			return Payload.text((String) message);
		}

		@Override
		public Payload identify(Payload payload, String id) {
			this.identified.incrementAndGet();
			return Payload.text(payload.text() + "#" + id);
		}

		@Override
		public boolean hasSignals() {
			return true;
		}

		@Override
		public Payload signal(boolean reset) {
			return Payload.text(reset ? "reset" : "start");
		}

		@Override
		public Object decode(Payload payload) {
			throw new IllegalStateException("one-way");
		}

	}

	/** A connection that encodes what it gets at once. */
	private final class Wire extends BaseSubscriber<Object> {

		final IdentifyingEncoder encoder = encoder();

		private final List<Payload> sent = new ArrayList<>();

		private @Nullable Object lastElement;

		private @Nullable Throwable error;

		Wire(Out<String> out) {
			InOut.of(In.ignore(), out).run().out().subscribe(this);
		}

		private static IdentifyingEncoder encoder(CountingCodec codec) {
			IdentifyingEncoder encoder = IdentifyingEncoder.of(new PayloadEncoder(codec));
			assertThat(encoder).isNotNull();
			return encoder;
		}

		private IdentifyingEncoder encoder() {
			return encoder(IdentifyingEncoderTests.this.codec);
		}

		@Override
		public Context currentContext() {
			return Context.of(Positions.class, this.encoder.positions());
		}

		@Override
		protected void hookOnNext(Object element) {
			this.lastElement = element;
			try {
				this.sent.add(this.encoder.encode(element));
			}
			catch (Exception ex) {
				this.error = ex;
			}
		}

		Payload last() {
			return this.sent.get(this.sent.size() - 1);
		}

		Object lastElement() {
			Object element = this.lastElement;
			assertThat(element).isNotNull();
			return element;
		}

	}

}
