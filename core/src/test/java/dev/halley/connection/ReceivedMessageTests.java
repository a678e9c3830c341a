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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes from a broker goes out as it came, where nobody asks for the object.
 */
@Timeout(60)
class ReceivedMessageTests {

	private final AtomicInteger encoded = new AtomicInteger();

	private final AtomicInteger decoded = new AtomicInteger();

	private final MessageCodecs codecs = MessageCodecs.builder().codec(new CountingCodec()).build();

	@Test
	void itIsNeitherDecodedNorEncodedAgain() throws Exception {
		assertThat(sent((hub) -> hub.out())).isEqualTo(Payload.text("<a>"));
		assertThat(this.encoded).hasValue(1);
		assertThat(this.decoded).hasValue(0);
	}

	@Test
	void itIsDecodedForThoseWhoLookAtIt() throws Exception {
		assertThat(sent((hub) -> hub.out((said) -> said.text().equals("a")))).isEqualTo(Payload.text("<a>"));
		assertThat(this.decoded).hasValue(1);
		assertThat(this.encoded).hasValue(1);
	}

	@Test
	void whatIsMadeOfItIsEncoded() throws Exception {
		assertThat(sent((hub) -> hub.out().map((said) -> new Said(said.text() + "!")))).isEqualTo(Payload.text("<a!>"));
		assertThat(this.encoded).hasValue(2);
	}

	@SuppressWarnings("unchecked")
	private Payload sent(Function<Hub<Said>, Out<Said>> out) throws Exception {
		ExecutorService executor = Executors.newCachedThreadPool();
		try (MemoryBroker broker = new MemoryBroker(new MemoryServer())) {
			Hubs hubs = Hubs.brokered(broker, (type) -> this.codecs.hub(ResolvableType.forType(type)),
					StringPayloads.INSTANCE, executor, Map.of(), Duration.ZERO);
			Hub<Said> hub = hubs.hub("room", Said.class);
			Flux<Object> elements = InOut.of(In.ignore(), out.apply(hub)).run().out().replay(1).autoConnect(0);
			hub.publish(new Said("a")).toCompletableFuture().get(30, TimeUnit.SECONDS);
			Object element = elements.blockFirst(Duration.ofSeconds(30));
			MessageCodec<?> codec = this.codecs.codec(ResolvableType.forClass(Said.class));
			return new PayloadEncoder((MessageCodec<Object>) codec).encode(List.of(element).get(0));
		}
		finally {
			executor.shutdownNow();
		}
	}

	record Said(String text) {
	}

	private final class CountingCodec implements MessageCodec<Said> {

		@Override
		public Payload encode(Said message) {
			ReceivedMessageTests.this.encoded.incrementAndGet();
			return Payload.text(("<" + message.text() + ">").getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public Said decode(Payload payload) {
			ReceivedMessageTests.this.decoded.incrementAndGet();
			return new Said(payload.text().substring(1, payload.text().length() - 1));
		}

	}

}
