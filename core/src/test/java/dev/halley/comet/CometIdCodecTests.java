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

package dev.halley.comet;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link CometIdCodec}.
 */
class CometIdCodecTests {

	private final MessageCodecs codecs = MessageCodecs.builder().build();

	private final IdentifyingCodec<Object> codec = codec();

	private final CometStreamFormat format = CometStreamFormat.of("f", false);

	private IdentifyingCodec<Object> codec() {
		return codec(ResolvableType.forClass(String.class));
	}

	@SuppressWarnings("unchecked")
	private IdentifyingCodec<Object> codec(ResolvableType type) {
		return (IdentifyingCodec<Object>) CometStreamFormat.codecWithIds(this.codecs, type);
	}

	private String written(Payload payload) {
		return new String(this.format.encode(payload), StandardCharsets.UTF_8);
	}

	@Test
	void idIsTheSecondArgument() throws Exception {
		Payload plain = this.codec.encode("x");
		assertThat(written(plain)).isEqualTo("<script>f('x');</script>");
		assertThat(written(this.codec.identify(plain, "a-7"))).isEqualTo("<script>f('x','a-7');</script>");
		assertThat(written(this.codec.identify(Payload.text("x'"), "a-7")))
			.isEqualTo("<script>f('x\\u0027','a-7');</script>");
	}

	@Test
	void idOfItsOwnStaysAndIsEscaped() throws Exception {
		IdentifyingCodec<Object> events = codec(
				ResolvableType.forClassWithGenerics(ServerSentEvent.class, String.class));
		Payload own = events.encode(ServerSentEvent.builder("x").id("'</script>").build());
		assertThat(events.identify(own, "a-7")).isSameAs(own);
		assertThat(written(own)).isEqualTo("<script>f('x','\\u0027\\u003c/script\\u003e');</script>");
	}

	@Test
	@SuppressWarnings("unchecked")
	void whatHasNoDataIsNoCallThoughItHasAnId() {
		SelectiveCodec<Object> selective = (SelectiveCodec<Object>) (Object) this.codec;
		assertThat(selective.selects(ServerSentEvent.builder().id("1").build())).isFalse();
		assertThat(selective.selects("x")).isTrue();
	}

	@Test
	void nothingButMessagesIsSent() {
		assertThat(this.codec.hasSignals()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> this.codec.signal(true));
		assertThatIllegalStateException().isThrownBy(() -> this.codec.decode(Payload.text("x")))
			.withMessageContaining("one-way");
	}

	@Test
	void equalTypesShareTheirForms() {
		assertThat(this.codec).isEqualTo(codec())
			.isNotEqualTo(Comet.callback("f").codec(this.codecs, ResolvableType.forClass(String.class)));
		assertThat(Comet.callback("g").eventIds().codec(this.codecs, ResolvableType.forClass(String.class)))
			.isEqualTo(this.codec);
	}

}
