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

package dev.halley.sse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerSentEvent;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.HubEvent;
import dev.halley.Position;
import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventCodec}, of which ids are the most.
 */
class EventCodecTests {

	private static final Position POSITION = Position.parse("a-7");

	private static final ResolvableType EVENTS = ResolvableType.forClassWithGenerics(HubEvent.class, List.class);

	private final MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();

	private final EventStreamFormat format = new EventStreamFormat(null, true);

	@SuppressWarnings("unchecked")
	private static IdentifyingCodec<Object> ids(MessageCodec<?> codec) {
		return (IdentifyingCodec<Object>) codec;
	}

	private IdentifyingCodec<Object> codec(Class<?> type) {
		return ids(EventStreamFormat.codec(this.codecs, ResolvableType.forClass(type)));
	}

	private String written(Payload payload) {
		return new String(this.format.encode(payload), StandardCharsets.UTF_8);
	}

	@Test
	void idComesBeforeTheOtherFields() throws Exception {
		IdentifyingCodec<Object> codec = codec(String.class);
		Payload plain = codec.encode("a\nb");
		assertThat(written(codec.identify(plain, "a-7"))).isEqualTo("id: a-7\ndata: a\ndata: b\n\n");
		assertThat(written(plain)).as("not changed").isEqualTo("data: a\ndata: b\n\n");
		Payload named = codec.encode(ServerSentEvent.builder("x").event("said").build());
		assertThat(written(codec.identify(named, "a-7"))).isEqualTo("id: a-7\nevent: said\ndata: x\n\n");
	}

	@Test
	void idOfItsOwnStays() throws Exception {
		IdentifyingCodec<Object> codec = codec(String.class);
		Payload own = codec.encode(ServerSentEvent.builder("x").id("mine").build());
		assertThat(codec.identify(own, "a-7")).isSameAs(own);
		Payload identified = codec.identify(codec.encode("x"), "a-7");
		assertThat(codec.identify(identified, "a-8")).isSameAs(identified);
	}

	@Test
	void textOfAnyOriginIsTheDataOfAnEvent() {
		assertThat(written(codec(String.class).identify(Payload.text("a\nb"), "1")))
			.isEqualTo("id: 1\ndata: a\ndata: b\n\n");
	}

	@Test
	void whoIsPresentIsToldByEventsWithNames() throws Exception {
		MessageCodec<Object> codec = ids(EventStreamFormat.codec(this.codecs,
				ResolvableType.forClassWithGenerics(HubEvent.class, String.class)));
		Position position = Position.parse("a-1");
		Map<String, Object> ada = Map.of("ada", "here");
		assertThat(written(codec.encode(new HubEvent.Presence<>(position, ada))))
			.isEqualTo("event: halley-presence\ndata: {\"ada\":\"here\"}\n\n");
		assertThat(written(codec.encode(new HubEvent.Joined<>(position, ada)))).startsWith("event: halley-joined\n");
		assertThat(written(codec.encode(new HubEvent.Changed<>(position, ada)))).startsWith("event: halley-changed\n");
		assertThat(written(codec.encode(new HubEvent.Left<>(position, Set.of("ada")))))
			.isEqualTo("event: halley-left\ndata: [\"ada\"]\n\n");
	}

	@Test
	void idIsOneLine() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> codec(String.class).identify(Payload.text("x"), "1\ndata: injected"));
	}

	@Test
	void signalsAreAnIdAloneAndAnEventWithAName() {
		IdentifyingCodec<Object> codec = codec(String.class);
		assertThat(codec.hasSignals()).isTrue();
		assertThat(written(codec.identify(codec.signal(false), "a-7"))).isEqualTo("id: a-7\n\n");
		assertThat(written(codec.identify(codec.signal(true), "a-7")))
			.isEqualTo("id: a-7\nevent: halley-reset\ndata: \n\n");
		EventStreamReader reader = EventStreamReader
			.read("id: a-7\n\nid: a-8\nevent: halley-reset\ndata: \n\n".getBytes());
		assertThat(reader.messages()).containsExactly(new EventStreamReader.Message("halley-reset", "", "a-8"));
	}

	@Test
	void eventOfAHubIsItsPayloadOrAReset() throws Exception {
		for (MessageCodec<?> found : List.of(EventStreamFormat.codec(this.codecs, EVENTS),
				EventStreamFormat.codec(this.codecs))) {
			IdentifyingCodec<Object> codec = ids(found);
			assertThat(written(codec.encode(new HubEvent.Message<>(POSITION, List.of(1, 2)))))
				.isEqualTo("data: [1,2]\n\n");
			assertThat(written(codec.encode(new HubEvent.Reset<>(POSITION))))
				.isEqualTo("event: halley-reset\ndata: \n\n");
		}
	}

}
