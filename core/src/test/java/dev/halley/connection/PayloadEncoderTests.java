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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.SharedMessage;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link PayloadEncoder} leaves out.
 */
class PayloadEncoderTests {

	private static final Payload ENCODED = Payload.text("");

	private final PayloadEncoder encoder = new PayloadEncoder(new SelectiveCodec<>() {

		@Override
		public boolean selects(Object message) {
			return message.equals("sent");
		}

		@Override
		public Payload encode(Object message) {
			return Payload.text((String) message);
		}

		@Override
		public Object decode(Payload payload) {
			return payload.text();
		}

	});

	@Test
	void leavesOutWhatHasNothingToSend() {
		SharedMessage<String> shared = new SharedMessage<>("sent");
		Flux<Object> out = Flux.just("left out", "sent", new SharedMessage<>("left out"), shared, ENCODED,
				CloseStatus.NORMAL);
		List<Object> selected = Flux.from(this.encoder.select(out)).collectList().block();
		assertThat(selected).containsExactly("sent", shared, ENCODED, CloseStatus.NORMAL);
	}

}
