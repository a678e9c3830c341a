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

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.halley.LogLevel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two threads at one connection: one whose handler has lost the loop, and one that has
 * the loop. Each order is made, not hoped for.
 */
class LoopSocketTests {

	private static final byte[] FIRST = Frames.masked(Frames.FIN_TEXT, "first");

	private static final byte[] SECOND = Frames.masked(Frames.FIN_TEXT, "second");

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@RegisterExtension
	final LogLevel level = LogLevel.of(LoopSocket.class);

	private final Interleaving schedule = new Interleaving(this.threads, new Random(1));

	private final FakeSelector selector = new FakeSelector(this.schedule, new Random(1)).honest();

	private final EventLoop loop = new EventLoop(this.selector, () -> {
	}, null);

	private final LateSocket late = new LateSocket();

	private final RecordingListener listener = RecordingListener.over(this.late);

	private FakeChannel channel;

	private LoopSocket socket;

	/** Whether a handler is at work, and whether that has ended. */
	private boolean handling;

	private boolean handled;

	@BeforeEach
	void connect() throws IOException {
		this.channel = new FakeChannel(this.schedule, new Random(1));
		this.socket = new LoopSocket(this.channel, new byte[0], this.listener.session(), OffloadPolicy.NEVER);
		this.late.bind(this.socket);
		this.listener.session().open();
		assertThat(this.socket.register(this.loop)).isTrue();
	}

	@AfterEach
	void close() {
		this.schedule.end();
		this.loop.end();
		this.threads.shutdown();
	}

	/** A thread has a turn, which takes as long as its handler does. */
	private void read() {
		try {
			this.socket.work(SelectionKey.OP_READ);
		}
		catch (Throwable ex) {
			this.socket.failed(ex);
		}
		this.handled = true;
	}

	/**
	 * It finds the other one at work, and would have the loop look no more. Before it
	 * does, the handler returns, and another one has the loop.
	 */
	@Test
	void aThreadThatIsLateDoesNotStopWhatTheOtherHasBegunSince() {
		this.listener.onText((text) -> {
			this.handling = true;
			this.schedule.await(() -> !this.handling);
		});
		this.channel.arrive(FIRST);
		this.schedule.start("blocked", this::read);
		this.schedule.run();
		assertThat(this.handling).isTrue();
		this.schedule.atEachStep(() -> {
			if (this.schedule.current().equals("late") && !this.handled) {
				this.handling = false;
				this.schedule.await(() -> this.handled && this.selector.isWaiting());
			}
		});
		this.schedule.start("late", () -> this.socket.work(SelectionKey.OP_READ));
		this.schedule.start("drives", this.loop::drive);
		this.schedule.run();
		this.listener.onText((text) -> {
		});
		this.schedule.start("peer", () -> {
			this.selector.wakeup();
			this.schedule.await(this.selector::isWaiting);
			this.channel.arrive(SECOND);
		});
		this.schedule.run();
		assertThat(this.listener.events()).containsExactly("opened", "text first", "text second");
	}

	/** Where it was among the bytes is lost with it. */
	@Test
	void nothingIsReadAfterAHandlerThatFails() {
		this.level.set(Level.OFF);
		this.listener.onText((text) -> {
			this.handling = true;
			this.schedule.await(() -> !this.handling);
			throw new InternalError("harm");
		});
		this.channel.arrive(FIRST);
		this.schedule.start("blocked", this::read);
		this.schedule.run();
		this.channel.arrive(Arrays.copyOfRange(SECOND, 1, SECOND.length));
		this.schedule.start("drives", this.loop::drive);
		this.schedule.run();
		this.schedule.atEachStep(() -> {
			if (this.schedule.current().equals("blocked")) {
				this.schedule.await(this.selector::isWaiting);
			}
		});
		this.schedule.start("releases", () -> this.handling = false);
		this.schedule.run();
		assertThat(this.handled).isTrue();
		assertThat(this.listener.events()).isEqualTo(List.of("opened", "text first", "closed 1006"));
		assertThat(this.channel.isRegistered()).isFalse();
	}

}
