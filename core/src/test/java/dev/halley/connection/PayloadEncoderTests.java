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

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.SharedMessage;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
	void encodesWhatIsNotEncoded() throws Exception {
		assertThat(this.encoder.encode("a").text()).isEqualTo("a");
		assertThat(this.encoder.encode(ENCODED)).isSameAs(ENCODED);
	}

	@Test
	void encodesASharedMessageOnceForAll() throws Exception {
		SharedMessage<String> shared = new SharedMessage<>("a");
		Payload payload = this.encoder.encode(shared);
		assertThat(payload.text()).isEqualTo("a");
		assertThat(payload.isShared()).isTrue();
		assertThat(this.encoder.encode(shared)).isSameAs(payload);
	}

	@Test
	void sharesWhatIsEncodedAlready() throws Exception {
		Payload encoded = Payload.text("a");
		assertThat(this.encoder.encode(new SharedMessage<>(encoded))).isSameAs(encoded);
		assertThat(encoded.isShared()).isTrue();
	}

	@Test
	void anOutOfACodecThatSendsAllIsLeftAsItIs() {
		Flux<Object> out = Flux.just("a");
		assertThat(failing(new IOException("broken")).select(out)).isSameAs(out);
	}

	@Test
	void weighsWhatAMessageNeedsWhenItIsEncoded() {
		assertThat(this.encoder.applyAsLong("sent")).isEqualTo(4);
		assertThat(this.encoder.applyAsLong(new SharedMessage<>("sent"))).isEqualTo(4);
		assertThat(this.encoder.applyAsLong(ENCODED)).isZero();
	}

	@Test
	void passesOnWhyThereIsNoEncodedForm() {
		IllegalArgumentException failure = new IllegalArgumentException("broken");
		PayloadEncoder failing = failing(failure);
		assertThatIllegalArgumentException().isThrownBy(() -> failing.apply("a")).isSameAs(failure);
		assertThatIllegalArgumentException().isThrownBy(() -> failing.applyAsLong("a")).isSameAs(failure);
	}

	@Test
	void wrapsWhyThereIsNoEncodedFormIfItIsChecked() {
		IOException failure = new IOException("broken");
		PayloadEncoder failing = failing(failure);
		assertThatIllegalStateException().isThrownBy(() -> failing.apply("a"))
			.withMessage("Message of class java.lang.String has no encoded form")
			.withCause(failure);
		assertThatIllegalStateException().isThrownBy(() -> failing.applyAsLong("a")).withCause(failure);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> failing.encode("a")).isSameAs(failure);
	}

	private static PayloadEncoder failing(Exception failure) {
		return new PayloadEncoder(new MessageCodec<>() {

			@Override
			public Payload encode(Object message) throws Exception {
				throw failure;
			}

			@Override
			public Object decode(Payload payload) {
				return payload.text();
			}

		});
	}

	@Test
	void leavesOutWhatHasNothingToSend() {
		SharedMessage<String> shared = new SharedMessage<>("sent");
		Flux<Object> out = Flux.just("left out", "sent", new SharedMessage<>("left out"), shared, ENCODED,
				CloseStatus.NORMAL);
		List<Object> selected = Flux.from(this.encoder.select(out)).collectList().block();
		assertThat(selected).containsExactly("sent", shared, ENCODED, CloseStatus.NORMAL);
	}

}
