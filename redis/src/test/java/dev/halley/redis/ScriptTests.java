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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Replay;
import dev.halley.TestHubs;
import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker.Placement;
import dev.halley.hub.broker.Retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the scripts leave on the server, which hubs do not see: they forget by themselves
 * what is beyond their bounds.
 */
@Timeout(120)
class ScriptTests {

	private static final Retention HUNDRED = new Retention(100, Duration.ofHours(1), Long.MAX_VALUE);

	private static RedisProcess server;

	private static RedisHubBroker broker;

	private static ExecutorService executor;

	private static Hubs hubs;

	private static final HubKeys KEYS = new HubKeys("test");

	private final String hub = "hub" + System.nanoTime();

	@BeforeAll
	static void start() {
		server = RedisProcess.start(RedisProcess.REDIS_6);
		broker = RedisHubBroker
			.standalone(RedisURI.create("127.0.0.1", server.port()), null,
					new RedisBrokerSettings("test", Duration.ofSeconds(2), Duration.ofSeconds(5), 1 << 20))
			.start();
		executor = Executors.newCachedThreadPool();
		hubs = TestHubs.of(broker, executor);
	}

	@AfterAll
	static void stop() {
		executor.shutdownNow();
		broker.close();
		server.close();
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private Placement publish(String text, Retention retention, @Nullable String key) throws Exception {
		BrokerPayload payload = new BrokerPayload(text.getBytes(StandardCharsets.UTF_8), false);
		return get(broker.publish(this.hub, payload, retention, key));
	}

	private HistorySlice read(HistoryRange range, Retention retention) throws Exception {
		return get(broker.read(this.hub, range, retention));
	}

	private String meta() {
		return key(0);
	}

	private String stream() {
		return key(1);
	}

	private String keys() {
		return key(2);
	}

	private String key(int index) {
		return new String(KEYS.of(this.hub)[index], StandardCharsets.UTF_8);
	}

	private static long number(String command) {
		return Long.parseLong(server.command(command).substring(1).trim());
	}

	@Test
	void headersAreKeptWithTheMessage() throws Exception {
		BrokerPayload payload = new BrokerPayload("a".getBytes(StandardCharsets.UTF_8), true, "17;traceparent=00-1");
		get(broker.publish(this.hub, payload, HUNDRED, null));
		publish("b", HUNDRED, null);
		assertThat(read(HistoryRange.first(10), HUNDRED).messages()).extracting((each) -> each.payload().headers())
			.containsExactly("17;traceparent=00-1", "");
		assertThat(read(HistoryRange.first(10), HUNDRED).messages().get(0).payload()).isEqualTo(payload);
	}

	@Test
	void asManyAreKeptAsAreWanted() throws Exception {
		Retention three = new Retention(3, Duration.ofHours(1), Long.MAX_VALUE);
		for (int i = 0; i < 10; i++) {
			publish("" + i, three, null);
		}
		assertThat(number("XLEN " + stream())).isEqualTo(3);
		for (int i = 0; i < 10; i++) {
			publish("" + i, three, "key" + i);
		}
		assertThat(number("XLEN " + stream())).isEqualTo(3);
		assertThat(number("HLEN " + keys())).as("keys of what has gone").isEqualTo(3);
	}

	@Test
	void asManyBytesAreKeptAsAreWanted() throws Exception {
		Retention bytes = new Retention(100, Duration.ofHours(1), 25);
		for (int i = 0; i < 3; i++) {
			publish("123456789" + i, HUNDRED, null);
		}
		for (int i = 0; i < 3; i++) {
			publish("123456789" + i, bytes, null);
			assertThat(number("XLEN " + stream())).isEqualTo(2);
		}
		publish("1", bytes, null);
		assertThat(number("XLEN " + stream())).isEqualTo(3);
		publish("more than all that is kept together", bytes, null);
		assertThat(number("XLEN " + stream())).isZero();
	}

	@Test
	void whatIsTooOldGoes() throws Exception {
		Retention brief = new Retention(100, Duration.ofMillis(300), Long.MAX_VALUE);
		publish("a", HUNDRED, null);
		publish("b", HUNDRED, "key");
		Awaitility.await().until(() -> read(HistoryRange.first(10), brief).messages().isEmpty());
		assertThat(number("XLEN " + stream())).isEqualTo(2);
		publish("c", brief, null);
		assertThat(number("XLEN " + stream())).isOne();
		assertThat(number("EXISTS " + keys())).isZero();
	}

	@Test
	void whatIsTooOldGoesWithoutKeysToo() throws Exception {
		Retention brief = new Retention(100, Duration.ofMillis(300), Long.MAX_VALUE);
		publish("a", HUNDRED, null);
		Awaitility.await().until(() -> read(HistoryRange.first(10), brief).messages().isEmpty());
		publish("b", brief, null);
		assertThat(number("XLEN " + stream())).isOne();
	}

	@Test
	void aKeyCountsAsLongAsItsMessage() throws Exception {
		Placement first = publish("a", HUNDRED, "key");
		assertThat(publish("a", HUNDRED, "key")).isEqualTo(first);
		Retention brief = new Retention(100, Duration.ofMillis(300), Long.MAX_VALUE);
		Awaitility.await().until(() -> read(HistoryRange.first(10), brief).messages().isEmpty());
		Placement second = publish("a", brief, "key");
		assertThat(second).isEqualTo(new Placement(first.epoch(), 2));
		server.command("XDEL " + stream() + " 2-0");
		assertThat(publish("a", HUNDRED, "key").offset()).isEqualTo(3);
	}

	@Test
	void readingKeepsAHubKnown() throws Exception {
		HistorySlice slice = read(HistoryRange.first(1), HUNDRED);
		assertThat(slice.epoch()).isNotZero();
		assertThat(number("PTTL " + meta())).isBetween(3_400_000L, 3_600_000L);
		server.command("PEXPIRE " + meta() + " 60000");
		assertThat(read(HistoryRange.first(1), HUNDRED).epoch()).isEqualTo(slice.epoch());
		assertThat(number("PTTL " + meta())).isBetween(3_400_000L, 3_600_000L);
	}

	@Test
	void readingKeepsWhatIsKnownOfAHubAnHourLongerThanItsMessages() throws Exception {
		publish("a", HUNDRED, null);
		Retention days = new Retention(100, Duration.ofDays(30), Long.MAX_VALUE);
		assertThat(read(HistoryRange.first(1), days).messages()).hasSize(1);
		assertThat(number("PTTL " + meta())).isBetween(7_000_000L, 7_200_000L);
	}

	@Test
	void aHubThatIsForgottenBeginsAnewWithoutWhatItHad() throws Exception {
		Placement old = publish("a", HUNDRED, "key");
		server.command("DEL " + meta());
		Placement published = publish("b", HUNDRED, "key");
		assertThat(published.offset()).isOne();
		assertThat(published.epoch()).isNotEqualTo(old.epoch());
		assertThat(read(HistoryRange.first(10), HUNDRED).messages()).hasSize(1);
		server.command("DEL " + meta());
		HistorySlice slice = read(HistoryRange.first(10), HUNDRED);
		assertThat(slice.epoch()).isNotIn(old.epoch(), published.epoch());
		assertThat(slice.messages()).isEmpty();
		assertThat(number("EXISTS " + stream() + " " + keys())).isZero();
	}

	@Test
	void whoKnowsMoreThanTheServerMakesItBeginAnew() throws Exception {
		Placement first = publish("a", HUNDRED, null);
		publish("b", HUNDRED, null);
		long epoch = first.epoch();
		HistorySlice all = read(HistoryRange.first(10), HUNDRED);
		long firstTag = all.messages().get(0).tag();
		long lastTag = all.messages().get(1).tag();
		assertThat(read(HistoryRange.after(epoch, 1, firstTag, 10), HUNDRED).messages()).hasSize(1);
		assertThat(read(HistoryRange.after(epoch, 2, lastTag, 10), HUNDRED).epoch()).isEqualTo(epoch);
		long second = read(HistoryRange.after(epoch, 1, firstTag + 1, 10), HUNDRED).epoch();
		assertThat(second).as("another message there").isNotEqualTo(epoch);
		publish("c", HUNDRED, null);
		long third = read(HistoryRange.after(second, 1, 7, 10), HUNDRED).epoch();
		assertThat(third).as("another message at the top").isNotEqualTo(second);
		HistorySlice ahead = read(HistoryRange.after(third, 1, 0, 10), HUNDRED);
		assertThat(ahead.epoch()).as("ahead of the top").isNotEqualTo(third);
		assertThat(ahead.messages()).isEmpty();
		assertThat(number("EXISTS " + stream())).isZero();
	}

	@Test
	void aReadIsBoundedByItsLimit() throws Exception {
		IntStream.range(0, 60)
			.forEach((i) -> broker.publish(this.hub,
					new BrokerPayload(("" + i).getBytes(StandardCharsets.UTF_8), false), HUNDRED, null));
		publish("60", HUNDRED, null);
		assertThat(read(HistoryRange.first(7), HUNDRED).messages()).hasSize(7);
		assertThat(read(HistoryRange.first(57), HUNDRED).messages()).hasSize(57);
		assertThat(read(HistoryRange.last(7), HUNDRED).messages()).hasSize(7)
			.last()
			.extracting("offset")
			.isEqualTo(61L);
		assertThat(read(HistoryRange.last(0), HUNDRED)).satisfies((slice) -> {
			assertThat(slice.messages()).isEmpty();
			assertThat(slice.top()).isEqualTo(61);
		});
		assertThat(read(HistoryRange.first(100), new Retention(5, Duration.ofHours(1), Long.MAX_VALUE)).messages())
			.as("no more than are kept now")
			.hasSize(5);
	}

	@Test
	void manyLargeMessagesAreReadAPageAtATime() throws Exception {
		String large = "x".repeat(40_000);
		for (int i = 0; i < 100; i++) {
			publish(large, HUNDRED, null);
		}
		assertThat(read(HistoryRange.first(100), HUNDRED).messages()).hasSizeBetween(27, 77);
	}

	@Test
	void whatTheServerRefusesCertainlyWentNowhereAndLosesNoLink() throws Exception {
		server.command("SET " + meta() + " other");
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> publish("a", HUNDRED, null))
			.havingCause()
			.isInstanceOfSatisfying(BrokerException.class, (ex) -> assertThat(ex.isOutcomeUnknown()).isFalse())
			.withMessageContaining("WRONGTYPE");
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> read(HistoryRange.first(1), HUNDRED))
			.havingCause()
			.isInstanceOf(BrokerException.class);
		assertThat(broker.state().up()).isTrue();
		assertThat(broker.state().counters()).containsKeys("publish.failures", "read.failures");
		assertThat(broker.state().counters().getOrDefault("disconnects", 0L)).isZero();
		server.command("DEL " + meta());
		publish("b", HUNDRED, null);
	}

	@Test
	void whatIsKeptGoesAwayByItself() throws Exception {
		String live = this.hub + ".live";
		get(hubs.hub(this.hub, String.class, History.ofAge(Duration.ofMinutes(1))).publishOnce("a", "key"));
		get(hubs.hub(live, String.class).publish("a"));
		assertThat(ttl(this.hub, 0)).isBetween(3_600_000L, 3_660_000L);
		assertThat(ttl(this.hub, 1)).isBetween(1L, 60_000L);
		assertThat(ttl(this.hub, 2)).isBetween(1L, 60_000L);
		assertThat(ttl(live, 0)).isBetween(1L, 600_000L);
		assertThat(ttl(live, 1)).as("no stream").isEqualTo(-2);
	}

	private static long ttl(String hub, int key) {
		return number("PTTL " + new String(KEYS.of(hub)[key], StandardCharsets.UTF_8));
	}

	@Test
	void whatIsTooOldIsNotRead() throws Exception {
		History shortAge = History.ofAge(Duration.ofMillis(300));
		Hub<String> hub = hubs.hub(this.hub, String.class, shortAge);
		get(hub.publishOnce("a", "key"));
		Awaitility.await().until(() -> ttl(this.hub, 1) == -2);
		get(hub.publishOnce("b", "key"));
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(5)))) {
			get(hub.publish("c"));
			Awaitility.await().until(() -> "c".equals(heard.last()));
			assertThat(heard.all()).doesNotContain("a");
		}
	}

	@Test
	void aServerThatHasForgottenTheScriptsGetsThemAgain() throws Exception {
		Hub<String> hub = hubs.hub(this.hub, String.class, History.ofMessages(100));
		get(hub.publish("a"));
		server.command("SCRIPT FLUSH");
		get(hub.publish("b"));
		server.command("SCRIPT FLUSH");
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(5)))) {
			assertThat(heard.await(2)).containsExactly("a", "b");
		}
	}

}
