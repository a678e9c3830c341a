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

package dev.halley.websocket.engine;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same bytes to both engines: the answers are the same wherever RFC 6455 decides.
 * Left out is a Close without a code, which Tomcat answers with 1000 and ours without
 * one: the RFC asks for the code that was received.
 */
class EngineDifferentialTests {

	private static final int CONVERSATIONS = 250;

	private static final Map<Engine, EngineServer> SERVERS = new EnumMap<>(Engine.class);

	@BeforeAll
	static void start() {
		for (Engine engine : Engine.values()) {
			SERVERS.put(engine, EngineServer.on(engine).start(EngineEndpoints.class));
		}
	}

	@AfterAll
	static void stop() {
		SERVERS.values().forEach(EngineServer::close);
	}

	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void theSameBytesGetTheSameAnswers(Engine engine) {
		for (int seed = 0; seed < CONVERSATIONS; seed++) {
			List<Step> steps = conversation(new Random(seed));
			assertThat(hold(engine, steps, seed)).as("seed %s: %s", seed, steps)
				.isIn(answersOfTheContainer(steps, seed));
		}
	}

	/**
	 * Tomcat's Close may fall into a message that it still writes; then it is asked
	 * again.
	 */
	private static List<List<String>> answersOfTheContainer(List<Step> steps, int seed) {
		return IntStream.range(0, 3).mapToObj((attempt) -> hold(Engine.CONTAINER, steps, seed)).distinct().toList();
	}

	/** Sends step by step, cut somewhere, and waits for the answers of each. */
	private static List<String> hold(Engine engine, List<Step> steps, int seed) {
		Random random = new Random(seed);
		List<String> answers = new ArrayList<>();
		try (RawClient client = SERVERS.get(engine).connect("/echo")) {
			for (Step step : steps) {
				// A server may close after the first half of the last one, and the second
				// would cost its answer
				boolean last = step == steps.get(steps.size() - 1);
				int cut = last ? step.bytes().length : random.nextInt(step.bytes().length + 1);
				send(client, Arrays.copyOfRange(step.bytes(), 0, cut));
				send(client, Arrays.copyOfRange(step.bytes(), cut, step.bytes().length));
				for (int i = 0; i < step.answers(); i++) {
					answers.add(client.next());
				}
			}
			send(client, Frames.close(1000, ""));
			answers.add(client.next());
		}
		return answers;
	}

	/** A server may have closed the connection already, for what came before. */
	private static void send(RawClient client, byte[] bytes) {
		try {
			client.send(bytes);
		}
		catch (UncheckedIOException ex) {
			assertThat(ex).hasRootCauseInstanceOf(SocketException.class);
		}
	}

	private static List<Step> conversation(Random random) {
		List<Step> steps = new ArrayList<>();
		for (int i = random.nextInt(6); i > 0; i--) {
			steps.add(right(random));
		}
		steps.add(last(random));
		return steps;
	}

	private static Step right(Random random) {
		String text = "grüße €".repeat(random.nextInt(40));
		return switch (random.nextInt(7)) {
			case 0 -> new Step("text", 1, Frames.masked(Frames.FIN_TEXT, text));
			case 1 ->
				new Step("binary", 1, Frames.masked(Frames.FIN_BINARY, new byte[random.nextInt(70_000) % 65_537]));
			case 2 -> new Step("ping", 1, Frames.masked(Frames.FIN_PING, new byte[random.nextInt(126)]));
			case 3 -> new Step("pong", 0, Frames.masked(Frames.FIN_PONG, new byte[random.nextInt(126)]));
			case 4 -> fragments(random, Frames.utf8(text));
			case 5 -> new Step("empty fragments", 1, Frames.join(Frames.masked(Frames.BINARY, ""),
					Frames.masked(Frames.CONTINUATION, ""), Frames.masked(Frames.FIN_CONTINUATION, "")));
			default -> new Step("empty", 1, Frames.masked(Frames.FIN_TEXT, ""));
		};
	}

	private static Step fragments(Random random, byte[] text) {
		List<byte[]> frames = new ArrayList<>();
		int position = 0;
		while (position < text.length) {
			int end = Math.min(text.length, position + 1 + random.nextInt(50));
			frames.add(Frames.masked((position == 0) ? Frames.TEXT : Frames.CONTINUATION,
					Arrays.copyOfRange(text, position, end)));
			position = end;
		}
		frames.add(Frames.masked((position == 0) ? Frames.FIN_TEXT : Frames.FIN_CONTINUATION, "."));
		return new Step("fragments", 1, Frames.join(frames.toArray(byte[][]::new)));
	}

	private static Step last(Random random) {
		byte[] start = Frames.masked(Frames.TEXT, "a");
		int[] codes = { 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535 };
		int[] opcodes = { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 };
		return switch (random.nextInt(17)) {
			case 0 -> new Step("close", 2, Frames.close(1000 + random.nextInt(4) % 3, "reason"));
			case 1 -> new Step("end", 0, new byte[0]);
			case 2 -> new Step("no mask", 1, Frames.plain(Frames.FIN_TEXT, "a"));
			case 3 -> new Step("RSV", 1, Frames.masked(Frames.FIN_TEXT | 0x10 << random.nextInt(3), "a"));
			case 4 -> new Step("opcode", 1, Frames.masked(0x80 | opcodes[random.nextInt(opcodes.length)], "a"));
			case 5 -> new Step("fragmented ping", 1, Frames.masked(0x09, "a"));
			case 6 -> new Step("fragmented close", 1, Frames.masked(0x08, ""));
			case 7 -> new Step("long ping", 1, Frames.masked(Frames.FIN_PING, new byte[126]));
			case 8 -> new Step("long close", 1, Frames.close(1000, "x".repeat(124)));
			case 9 -> new Step("close of one byte", 1, Frames.masked(Frames.FIN_CLOSE, "a"));
			case 10 -> new Step("close code", 1, Frames.close(codes[random.nextInt(codes.length)], ""));
			case 11 -> new Step("continuation of nothing", 1, Frames.masked(Frames.CONTINUATION, "a"));
			case 12 -> new Step("message within a message", 1, Frames.join(start, Frames.masked(Frames.FIN_TEXT, "b")));
			case 13 -> new Step("binary within a text", 1, Frames.join(start, Frames.masked(Frames.BINARY, "b")));
			case 14 ->
				new Step("no UTF-8", 1, Frames.masked(Frames.FIN_TEXT, new byte[] { 'a', (byte) 0xC0, (byte) 0xAF }));
			case 15 -> new Step("half a character", 1, Frames.masked(Frames.FIN_TEXT, new byte[] { 'a', (byte) 0xC3 }));
			default -> new Step("too big", 1, Frames.masked(Frames.FIN_BINARY, new byte[65_537]));
		};
	}

	private record Step(String name, int answers, byte[] bytes) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
