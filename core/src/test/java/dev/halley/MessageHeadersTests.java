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

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.PayloadCodec;
import dev.halley.hub.broker.Retention;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link MessageHeaders}: what travels along, and what of it is understood.
 */
class MessageHeadersTests {

	@Test
	void whatTravelsComesBackAsItWas() {
		Map<String, String> trace = Map.of("traceparent", "00-ab-cd-01", "bag gage", "a=1;b=ü\n \u2028", "empty", "");
		String headers = MessageHeaders.of(17, trace);
		assertThat(headers).matches("[!-~]+");
		assertThat(MessageHeaders.sent(headers)).isEqualTo(17);
		assertThat(MessageHeaders.trace(headers)).isEqualTo(trace);
		assertThat(MessageHeaders.trace(MessageHeaders.of(17, Map.of()))).isEmpty();
	}

	@Test
	void whatIsTooMuchDoesNotTravel() {
		assertThat(MessageHeaders.of(17, Map.of("traceparent", "1", "baggage", "x".repeat(4096)))).isEqualTo("17");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";", "=", "x", "-5", ";;=;a;=b", "99999999999999999999", "x;a=%", "x;a=%zz" })
	void whatIsNotUnderstoodSaysNothing(String headers) {
		assertThat(MessageHeaders.sent(headers)).isZero();
		assertThat(MessageHeaders.trace(headers)).isEmpty();
	}

	@Test
	void whatAHubKeepsHasNoHeaders() {
		Queue<String> kept = new ConcurrentLinkedQueue<>();
		PayloadCodec codec = new PayloadCodec() {

			@Override
			public BrokerPayload encode(Object message) {
				return StringPayloads.INSTANCE.encode(message);
			}

			@Override
			public Object decode(BrokerPayload payload) {
				kept.add(payload.headers());
				return StringPayloads.INSTANCE.decode(payload);
			}

			@Override
			public Object encoded(BrokerPayload payload) {
				return payload;
			}

		};
		try (MemoryBroker broker = new MemoryBroker(new MemoryServer())) {
			Hubs hubs = Hubs.brokered(broker, (type) -> codec, codec, Runnable::run,
					Map.of("room", History.ofMessages(2)), Duration.ofSeconds(15));
			Hub<String> room = hubs.hub("room", String.class);
			try (Heard<String> heard = Heard.of(room.out())) {
				room.publish("a");
				assertThat(heard.await(1)).containsExactly("a");
				broker.publish("room", StringPayloads.INSTANCE.encode("b").withHeaders("17;traceparent=00-1"),
						new Retention(2, Duration.ofHours(1), Long.MAX_VALUE), null);
				assertThat(heard.await(2)).containsExactly("a", "b");
				assertThat(kept).containsExactly("", "");
			}
		}
	}

	@Test
	void moreThanItMayBeIsNotRead() {
		assertThat(MessageHeaders.trace("1;a=" + "x".repeat(5000))).isEmpty();
	}

}
