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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A session with all threads at once: the container's, which reads and writes on, those
 * that send, those that close.
 */
class EngineStressTests {

	private static final int ROUNDS = 10_000;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	@Test
	void bothSidesCloseAtOnceAndOneCloseIsWritten() throws Exception {
		Race.run(ROUNDS, () -> {
			ScriptedSocket socket = new ScriptedSocket().brings(Frames.close(1000, ""));
			RecordingListener listener = RecordingListener.over(socket);
			return new Race.Round(() -> listener.session().close(CloseStatus.GOING_AWAY), listener.session()::readable,
					() -> {
						assertThat(socket.seen()).hasSize(1).first().asString().startsWith("close ");
						assertThat(listener.events()).endsWith("closed 1000")
							.filteredOn("closed 1000"::equals)
							.hasSize(1);
						assertThat(socket.isClosed()).isTrue();
					});
		});
	}

	@Test
	void theConnectionBreaksWhileItIsClosedAndTheEndIsToldOnce() throws Exception {
		Race.run(ROUNDS, () -> {
			ScriptedSocket socket = new ScriptedSocket().brings(ScriptedSocket.END);
			RecordingListener listener = RecordingListener.over(socket);
			return new Race.Round(() -> {
				listener.session().close(CloseStatus.NORMAL);
				listener.session().abort();
			}, listener.session()::readable, () -> assertThat(listener.events()).containsExactly("closed 1006"));
		});
	}

	@Test
	void aHandlerEndsWhileTheSessionCloses() throws Exception {
		Race.run(ROUNDS, () -> {
			ScriptedSocket socket = new ScriptedSocket()
				.brings(Frames.join(Frames.masked(Frames.FIN_TEXT, "a"), Frames.close(1000, "")));
			RecordingListener listener = RecordingListener.over(socket);
			EngineSession session = listener.session();
			listener.onText((text) -> session.suspend());
			return new Race.Round(() -> session.close(CloseStatus.NORMAL), session::readable, () -> {
				while (socket.takeResumed()) {
					session.readable();
				}
				assertThat(listener.events()).contains("text a").endsWith("closed 1000");
			});
		});
	}

	@Test
	void anInflaterIsNeverTwoConnections() throws Exception {
		try (PerMessageDeflate deflate = new PerMessageDeflate(new DeflateSettings(1, 6, false, 8))) {
			DeflateParameters agreed = new DeflateParameters(false, true, 0);
			String text = "all work and no play makes jack a dull boy ".repeat(200);
			Random random = new Random(5);
			byte[] frame = Frames.masked(0xC1,
					deflate.deflater(new DeflateParameters(true, true, 0)).deflate(Frames.utf8(text)));
			Race.run(ROUNDS / 3, () -> {
				Compression compression = new Compression(deflate.inflater(agreed), deflate.writer(agreed));
				RecordingListener listener = RecordingListener.over(new ScriptedSocket().brings(frame), 1 << 20,
						compression);
				return new Race.Round(() -> {
					for (int i = random.nextInt(50_000); i > 0; i--) {
						Thread.onSpinWait();
					}
					listener.session().abort();
				}, listener.session()::readable, () -> {
					assertThat(listener.events()).isSubsetOf("text " + text, "closed 1006");
					assertThat(deflate.idleInflaters()).isLessThanOrEqualTo(1);
				});
			});
			assertThat(deflate.idleInflaters()).isOne();
		}
	}

	@RepeatedTest(4)
	void messagesStayInOrderAndNothingFollowsTheClose() throws Exception {
		ScriptedSocket socket = new ScriptedSocket().room(0);
		RecordingListener listener = RecordingListener.over(socket);
		EngineSession session = listener.session();
		AtomicInteger next = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		Future<?> sender = this.threads.submit(() -> {
			while (next.get() < 2000) {
				int last = next.get() + 3;
				List<Payload> batch = IntStream.range(next.get(), last)
					.mapToObj((number) -> Payload.text("m" + number + " ".repeat(number % 500)))
					.toList();
				next.set(last);
				assertThat(session.send(batch, () -> done.set(last))).isTrue();
				while (done.get() != last) {
					Thread.onSpinWait();
				}
			}
			session.close(CloseStatus.NORMAL);
			session.send(List.of(Payload.text("late")), () -> {
			});
		});
		container(socket, session, sender);
		sender.get(30, TimeUnit.SECONDS);
		List<String> seen = socket.seen();
		assertThat(seen).last().isEqualTo("close 1000 ");
		assertThat(seen.stream().filter((event) -> event.startsWith("text")).map(String::trim))
			.containsExactlyElementsOf(IntStream.range(0, next.get()).mapToObj((number) -> "text m" + number).toList());
		assertThat(seen).anyMatch((event) -> event.startsWith("pong"));
	}

	/** What the container does, on one thread, with a network of a thousand moods. */
	private void container(ScriptedSocket socket, EngineSession session, Future<?> sender) {
		Random random = new Random(7);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!(sender.isDone() && socket.asked() == 0) && System.nanoTime() < end) {
			if (random.nextInt(4) == 0) {
				socket.brings(Frames.masked(Frames.FIN_PING, "p"));
				session.readable();
			}
			socket.addRoom(random.nextInt(4000));
			if (socket.takeAsked() || random.nextInt(10) == 0) {
				session.writable();
			}
		}
		socket.room(Long.MAX_VALUE / 2);
		session.writable();
	}

	@RepeatedTest(4)
	void handlersThatEndElsewhereGetOneMessageAtATime() throws Exception {
		ScriptedSocket socket = new ScriptedSocket();
		RecordingListener listener = RecordingListener.over(socket);
		EngineSession session = listener.session();
		AtomicBoolean busy = new AtomicBoolean();
		AtomicInteger overlaps = new AtomicInteger();
		listener.onText((text) -> {
			overlaps.addAndGet(busy.getAndSet(true) ? 1 : 0);
			session.suspend();
			this.threads.execute(() -> {
				busy.set(false);
				session.resume();
			});
		});
		int messages = 500;
		List<byte[]> frames = new ArrayList<>();
		for (int i = 0; i < messages; i++) {
			frames.add(Frames.masked(Frames.FIN_TEXT, "m" + i));
		}
		byte[] stream = Frames.join(frames.toArray(byte[][]::new));
		Random random = new Random(3);
		int position = 0;
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (listener.events().size() < messages && System.nanoTime() < end) {
			if (position < stream.length && socket.unread() < 4) {
				int count = Math.min(stream.length - position, 1 + random.nextInt(300));
				socket.brings(Arrays.copyOfRange(stream, position, position + count));
				position += count;
			}
			socket.takeResumed();
			session.readable();
		}
		assertThat(overlaps).hasValue(0);
		assertThat(listener.events())
			.containsExactlyElementsOf(IntStream.range(0, messages).mapToObj((number) -> "text m" + number).toList());
	}

}
