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

package dev.halley.boot.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.halley.Hub;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hubs between connections.
 */
abstract class HubTests extends CaseTests {

	private Hub<String> hub() {
		return application().hubs().hub(name(), String.class);
	}

	private Peer join(String subPath, String name, int receiveBuffer) throws IOException {
		int before = hub().subscribers();
		Peer peer = request("/hub/" + name() + subPath, name).receiveBuffer(receiveBuffer).send();
		await().until(() -> hub().subscribers() == before + 1);
		return peer;
	}

	private Peer join(String name) throws IOException {
		return join("", name, 0);
	}

	private static void leave(Peer... peers) throws IOException {
		for (Peer peer : peers) {
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
			peer.close();
		}
	}

	@Test
	void allGetAllFromWhenTheyJoinedInOneOrder() throws Exception {
		Peer early = join(newName());
		hub().publish("one");
		Peer late = join(newName());
		hub().publish("two");
		hub().publish("three");
		assertThat(List.of(early.next(), early.next(), early.next())).containsExactly("text one", "text two",
				"text three");
		assertThat(List.of(late.next(), late.next())).containsExactly("text two", "text three");
		leave(early, late);
		await().until(() -> hub().subscribers() == 0);
	}

	@Test
	void oneThatNeverReadsIsClosedAndDisturbsNobody() throws Exception {
		String slowName = newName();
		Peer slow = join("", slowName, 4096);
		Peer reader = join(newName());
		String text = "x".repeat(16_000);
		int published = 0;
		while (!run(slowName).isOutEnded() && published < 10_000) {
			for (int i = 0; i < 8; i++) {
				hub().publish(published++ + " " + text);
			}
			for (int i = published - 8; i < published; i++) {
				assertThat(reader.next()).startsWith("text " + i + " ");
			}
		}
		assertThat(published).isLessThan(10_000);
		leave(reader);
		String next = slow.next();
		while (next.startsWith("text")) {
			next = slow.next();
		}
		assertThat(next).isEqualTo("close 1013");
		slow.send(Frame.closeWithoutStatus());
		assertThat(run(slowName).done()).isEqualTo(1013);
		slow.close();
	}

	@Test
	void oneThatNeverReadsAndWantsTheLatestGetsIt() throws Exception {
		String slowName = newName();
		Peer slow = join("/latest", slowName, 4096);
		String text = "x".repeat(64_000);
		IntStream.range(0, 1000).forEach((i) -> hub().publish(i + " " + text));
		hub().publish("the latest");
		int count = 1;
		for (String next = slow.next(); !next.equals("text the latest"); next = slow.next()) {
			assertThat(next).startsWith("text ");
			count++;
		}
		assertThat(count).isLessThan(1001);
		leave(slow);
		assertThat(run(slowName).done()).isEqualTo(1000);
	}

	@Test
	void closingCompletesAllAndLeavesTheirSocketsOpen() throws Exception {
		String member = newName();
		Peer peer = join(member);
		Hub<String> hub = hub();
		hub.publish("last");
		hub.close();
		hub.close();
		assertThat(hub.publish("too late")).isCompletedExceptionally();
		await().until(run(member)::isOutEnded);
		peer.say("still here");
		assertThat(run(member).next()).isEqualTo("still here");
		assertThat(peer.next()).isEqualTo("text last");
		leave(peer);
	}

	@Test
	void eightThreadsPublishInOneOrderForAll() throws Exception {
		Peer[] peers = { join(newName()), join(newName()), join(newName()) };
		IntStream.range(0, 8)
			.mapToObj((thread) -> new Thread(() -> publish(thread), "halley-publisher"))
			.toList()
			.forEach(Thread::start);
		List<List<String>> heard = new ArrayList<>();
		for (Peer peer : peers) {
			heard.add(IntStream.range(0, 160).mapToObj((i) -> nextUnchecked(peer)).toList());
		}
		assertThat(heard.get(1)).isEqualTo(heard.get(0));
		assertThat(heard.get(2)).isEqualTo(heard.get(0));
		Set<String> each = new TreeSet<>(heard.get(0));
		assertThat(each).hasSize(160);
		leave(peers);
	}

	private void publish(int thread) {
		IntStream.range(0, 20).forEach((i) -> hub().publish(thread + ":" + i));
	}

	private static String nextUnchecked(Peer peer) {
		try {
			return peer.next();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void aSubscriberThatThrowsHarmsNoOther() throws Exception {
		String bad = newName();
		Peer thrower = join("/throwing-filter", bad, 0);
		Peer other = join(newName());
		assertThat(hub().publish("one")).isCompleted();
		assertThat(other.next()).isEqualTo("text one");
		thrower.answerClose("close 1011");
		assertThat(run(bad).done()).isEqualTo(1011);
		hub().publish("two");
		assertThat(other.next()).isEqualTo("text two");
		leave(other);
		thrower.close();
	}

	@Test
	void aSubscriberThatLeavesInItsCallbackHarmsNoOther() throws Exception {
		String brief = newName();
		Peer leaver = join("/take-one", brief, 0);
		Peer other = join(newName());
		hub().publish("one");
		hub().publish("two");
		assertThat(List.of(other.next(), other.next())).containsExactly("text one", "text two");
		assertThat(leaver.next()).isEqualTo("text one");
		assertThat(hub().subscribers()).isOne();
		leave(leaver, other);
	}

	@Test
	void membersThatVanishLeave() throws Exception {
		for (int i = 0; i < 10; i++) {
			join(newName()).vanish();
			hub().publish("to nobody, or to one who is gone");
			await().until(() -> hub().subscribers() == 0);
		}
	}

	@Test
	void aPublisherOfOneMessageReturnsBesideAFeed() throws Exception {
		Peer[] peers = { join("/latest", newName(), 0), join("/latest", newName(), 0) };
		AtomicBoolean over = new AtomicBoolean();
		Thread feed = new Thread(() -> {
			while (!over.get()) {
				hub().publish("feed");
			}
		}, "halley-publisher");
		feed.start();
		for (int i = 0; i < 200; i++) {
			assertThat(hub().publish("one")).isCompleted();
		}
		over.set(true);
		feed.join();
		hub().publish("last");
		for (Peer peer : peers) {
			String next = peer.next();
			while (!next.equals("text last")) {
				assertThat(next).startsWith("text ");
				next = peer.next();
			}
		}
		leave(peers);
	}

	@Test
	void whoComesAndGoesIsTold() throws Exception {
		Peer early = join(newName());
		String brief = newName();
		Peer late = join("/lobby", brief, 0);
		assertThat(late.next()).isEqualTo("text joined");
		late.say("hello");
		assertThat(late.next()).isEqualTo("text hello");
		leave(late);
		assertThat(run(brief).done()).isEqualTo(1000);
		assertThat(List.of(early.next(), early.next(), early.next())).containsExactly("text joined", "text hello",
				"text left");
		leave(early);
	}

}
