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

package dev.halley.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.codec.Samples.Count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageCodecsTests {

	private final MessageCodecs.Builder builder = MessageCodecs.builder();

	@Test
	void equalTypesHaveTheSameCodec() {
		MessageCodecs codecs = this.builder.json(JsonMapper.builder().build()).build();
		ResolvableType declared = MessageTypeTests.returned(MessageTypeTests.Declarations.class, "list");
		ResolvableType made = ResolvableType.forClassWithGenerics(List.class, String.class);
		assertThat(codecs.codec(declared)).isSameAs(codecs.codec(made)).isSameAs(codecs.inbound(made));
	}

	@RepeatedTest(20)
	void manyThreadsGetTheSameCodec() throws Exception {
		MessageCodecs codecs = this.builder.json(JsonMapper.builder().build()).build();
		int threads = 8;
		CyclicBarrier start = new CyclicBarrier(threads);
		Set<MessageCodec<?>> found = ConcurrentHashMap.newKeySet();
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> results = IntStream.range(0, threads).<Future<?>>mapToObj((i) -> executor.submit(() -> {
				start.await();
				found.add(codecs.codec(ResolvableType.forClassWithGenerics(List.class, Count.class)));
				return null;
			})).toList();
			for (Future<?> result : results) {
				result.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(found).hasSize(1);
	}

	@Test
	void theApplicationsCodecComesBeforeTheBuiltInOnes() throws Exception {
		Reversed codec = new Reversed();
		assertThat(this.builder.codec(codec).build().codec(ResolvableType.forClass(String.class))).isSameAs(codec);
	}

	@Test
	void theApplicationsCodecComesBeforeJson() {
		Counts codec = new Counts();
		MessageCodecs codecs = this.builder.json(JsonMapper.builder().build()).codec(codec).build();
		assertThat(codecs.inbound(ResolvableType.forClass(Count.class))).isSameAs(codec);
	}

	@Test
	void theApplicationsCodecTakesExactlyItsType() {
		MessageCodecs codecs = this.builder.codec(new Strings()).build();
		assertThat(codecs.codec(ResolvableType.forClassWithGenerics(List.class, String.class)))
			.isInstanceOf(Strings.class);
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> codecs.codec(ResolvableType.forClassWithGenerics(List.class, Integer.class)));
	}

	@Test
	void ofTwoCodecsForOneTypeTheFirstIsTaken() {
		Counts first = new Counts();
		MessageCodecs codecs = this.builder.codec(first).codec(new Counts()).build();
		assertThat(codecs.codec(ResolvableType.forClass(Count.class))).isSameAs(first);
	}

	@Test
	void theApplicationMayTakeObject() {
		ResolvableType type = ResolvableType.forClassWithGenerics(MessageCodec.class, Object.class);
		Generic<Object> codec = new Generic<>();
		assertThat(this.builder.codec(type, codec).build().codec(ResolvableType.forClass(Object.class)))
			.isSameAs(codec);
	}

	@Test
	void aGenericCodecIsKnownByTheTypeOfItsBean() {
		Generic<Count> codec = new Generic<>();
		ResolvableType type = ResolvableType.forType(new ParameterizedTypeReference<Generic<Count>>() {
		});
		assertThat(this.builder.codec(type, codec).build().codec(ResolvableType.forClass(Count.class))).isSameAs(codec);
	}

	@Test
	@SuppressWarnings("unchecked")
	void aCodecIsKnownBehindItsProxy() {
		MessageCodec<Count> proxy = (MessageCodec<Count>) new ProxyFactory(new Counts()).getProxy();
		assertThat(this.builder.codec(proxy).build().codec(ResolvableType.forClass(Count.class))).isSameAs(proxy);
	}

	@Test
	void refusesACodecThatDoesNotTellItsType() {
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> this.builder.codec(new Generic<>()))
			.withMessageContaining(Generic.class.getName())
			.withMessageContaining("MessageCodec<the type of its messages>");
	}

	@Test
	void withoutAJsonMapperThereIsNoJson() {
		MessageCodecs codecs = this.builder.build();
		for (Class<?> type : List.of(Count.class, JsonNode.class)) {
			assertThatExceptionOfType(UnsupportedMessageTypeException.class)
				.isThrownBy(() -> codecs.codec(ResolvableType.forClass(type)))
				.withMessageContaining("message type: " + type.getName())
				.withMessageContaining("no JsonMapper")
				.withMessageContaining("or a bean of type MessageCodec<" + type.getName() + ">");
		}
	}

	@Test
	void whatWasRefusedIsRefusedAgain() {
		MessageCodecs codecs = this.builder.build();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(UnsupportedMessageTypeException.class)
				.isThrownBy(() -> codecs.codec(ResolvableType.forClass(Count.class)));
		}
	}

	@Test
	void aBuilderThatIsUsedOnDoesNotChangeWhatItMade() {
		MessageCodecs codecs = this.builder.build();
		this.builder.codec(new Counts());
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> codecs.codec(ResolvableType.forClass(Count.class)));
	}

	static class Reversed implements MessageCodec<String> {

		@Override
		public Payload encode(String message) {
			return Payload.text(new StringBuilder(message).reverse().toString());
		}

		@Override
		public String decode(Payload payload) {
			return new StringBuilder(payload.text()).reverse().toString();
		}

	}

	static class Counts implements MessageCodec<Count> {

		@Override
		public Payload encode(Count message) {
			return Payload.binary(message.name().getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public Count decode(Payload payload) {
			return new Count(StandardCharsets.UTF_8.decode(payload.binary()).toString(), 0);
		}

	}

	static class Strings implements MessageCodec<List<String>> {

		@Override
		public Payload encode(List<String> message) {
			return Payload.text(String.join(",", message));
		}

		@Override
		public List<String> decode(Payload payload) {
			return List.of(payload.text().split(","));
		}

	}

	static class Generic<T> implements MessageCodec<T> {

		@Override
		public Payload encode(T message) {
			return Payload.text(String.valueOf(message));
		}

		@Override
		public T decode(Payload payload) {
			throw new MessageDecodingException("message: " + payload + " (expected: none)");
		}

	}

}
