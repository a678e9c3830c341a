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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes in: the events are those of the slow model, wherever the input is cut
 * and wherever the handler stops the reader. Every stream has a seed of its own, which
 * the message of a failure names.
 */
class FrameStreamPropertyTests {

	private static final int LIMIT = 400;

	private static final int BIG_LIMIT = 1 << 17;

	private static PerMessageDeflate deflate;

	private static MessageInflater inflater;

	private final Map<String, Integer> endings = new TreeMap<>();

	@BeforeAll
	static void open() {
		deflate = new PerMessageDeflate(DeflateSettings.DEFAULTS);
		inflater = deflate.inflater(new DeflateParameters(false, false, 0));
	}

	@AfterAll
	static void close() {
		deflate.close();
	}

	@Test
	void rightStreamsGiveTheModelsEventsWhereverTheyAreCut() {
		check(4000, BIG_LIMIT, false, (seed) -> FrameStreams.frames(seed, false));
		assertThat(this.endings).containsKeys("text", "binary", "ping", "pong", "close", "error 1002");
	}

	@Test
	void compressedStreamsGiveTheModelsEventsWhereverTheyAreCut() {
		check(3000, BIG_LIMIT, true, (seed) -> FrameStreams.frames(seed, true));
		assertThat(this.endings).containsKeys("text", "binary", "close", "error 1007");
	}

	@Test
	void streamsWithMessagesOverTheLimitGiveTheModelsEventsWhereverTheyAreCut() {
		check(4000, LIMIT, false, (seed) -> FrameStreams.frames(seed, false));
		check(2000, LIMIT, true, (seed) -> FrameStreams.frames(seed, true));
		assertThat(this.endings).containsKey("error 1009");
	}

	@Test
	void mutatedStreamsGiveTheModelsEventsWhereverTheyAreCut() {
		check(8000, LIMIT, false, (seed) -> FrameStreams.mutated(seed, false));
		assertThat(this.endings).containsKeys("text", "close", "error 1002", "error 1007", "error 1009");
	}

	@Test
	void mutatedCompressedStreamsGiveTheModelsEventsWhereverTheyAreCut() {
		check(5000, LIMIT, true, (seed) -> FrameStreams.mutated(seed, true));
		assertThat(this.endings).containsKeys("text", "close", "error 1002", "error 1007", "error 1009");
	}

	@Test
	void noiseGivesTheModelsEventsWhereverItIsCut() {
		check(20_000, LIMIT, true, FrameStreams::noise);
		assertThat(this.endings).containsKeys("error 1002", "error 1007", "error 1009");
	}

	@Test
	void shortStreamsGiveTheSameEventsCutAtEveryPosition() {
		int checked = 0;
		for (long seed = 0; checked < 600; seed++) {
			byte[] stream = FrameStreams.mutated(seed, true);
			if (stream.length < 250) {
				checked++;
				List<String> expected = ModelReader.read(stream, LIMIT, true);
				for (int cut = 0; cut <= stream.length; cut++) {
					assertEvents(seed, cutAt(stream, cut), expected);
				}
			}
		}
	}

	@Test
	void whatAClientWritesAServerReads() {
		for (long seed = 0; seed < 2000; seed++) {
			Random random = new Random(seed);
			FrameWriter client = FrameWriter.client(null, random::nextInt);
			ByteSink sink = new ByteSink();
			List<String> expected = new ArrayList<>();
			for (int i = random.nextInt(20); i >= 0; i--) {
				String text = "é".repeat(random.nextInt(200));
				client.text(Frames.utf8(text), sink);
				expected.add("text " + text);
			}
			ReaderProbe probe = ReaderProbe.server();
			feedRandomly(probe, sink.take(), random);
			assertEvents(seed, probe, expected);
		}
	}

	private void check(int streams, int limit, boolean compression, LongFunction<byte[]> maker) {
		for (long seed = 0; seed < streams; seed++) {
			byte[] stream = maker.apply(seed);
			List<String> expected = ModelReader.read(stream, limit, compression);
			expected.forEach((event) -> this.endings.merge(kind(event), 1, Integer::sum));
			MessageInflater used = compression ? inflater : null;
			assertEvents(seed, ReaderProbe.server(limit, used).feed(stream), expected);
			assertEvents(seed, ReaderProbe.server(limit, used).feedEach(stream), expected);
			Random random = new Random(~seed);
			ReaderProbe cut = ReaderProbe.server(limit, used);
			feedRandomly(cut, stream, random);
			assertEvents(seed, cut, expected);
			ReaderProbe stopped = ReaderProbe.server(limit, used, new RecordingHandler(random::nextBoolean));
			feedRandomly(stopped, stream, random);
			assertEvents(seed, stopped, expected);
		}
	}

	private static void feedRandomly(ReaderProbe probe, byte[] stream, Random random) {
		int at = 0;
		while (at < stream.length) {
			int count = Math.min(stream.length - at, 1 + random.nextInt(1 << (1 + random.nextInt(10))));
			at += probe.feed(stream, at, count);
		}
	}

	private static ReaderProbe cutAt(byte[] stream, int cut) {
		ReaderProbe probe = ReaderProbe.server(LIMIT, inflater);
		probe.feed(stream, 0, cut);
		probe.feed(stream, cut, stream.length - cut);
		return probe;
	}

	private static void assertEvents(long seed, ReaderProbe probe, List<String> expected) {
		if (!probe.events().equals(expected)) {
			assertThat(probe.events()).as("events of seed %d", seed).isEqualTo(expected);
		}
		if (probe.reader().isEnded() || probe.reader().isIdle()) {
			assertThat(probe.reader().heldBytes()).as("bytes held after seed %d", seed).isZero();
		}
	}

	private static String kind(String event) {
		return event.startsWith("error") ? event : event.substring(0, event.indexOf(' '));
	}

}
