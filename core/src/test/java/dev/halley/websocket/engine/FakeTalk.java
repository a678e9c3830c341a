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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One connection of a {@link LoopSchedule}: its peer, the thread that opens it, a handler
 * that echoes in several ways, others that push, and one end of several kinds. Writes
 * down what either side gets.
 */
final class FakeTalk implements EngineListener {

	private final Interleaving schedule;

	private final Random random;

	private final FakeChannel channel;

	private final LateSocket late = new LateSocket();

	private final EngineSession session = new EngineSession(this.late, this, 1 << 20, Compression.NONE);

	private final End end;

	private final List<String> texts;

	/** The message at which a handler ends the connection. */
	private final int last;

	private final List<String> received = new ArrayList<>();

	private final List<CloseStatus> ends = new ArrayList<>();

	/** What waits for the write under way, as a connection has only one. */
	private final Deque<Message> waiting = new ArrayDeque<>();

	private boolean writing;

	/** How many answers were waited for before the peer's next message was read. */
	private int owed;

	private int sent;

	private boolean opened;

	private boolean handling;

	private boolean inBatch;

	FakeTalk(Interleaving schedule, Random random) throws IOException {
		this.schedule = schedule;
		this.random = random;
		this.channel = new FakeChannel(schedule, random);
		this.end = End.values()[random.nextInt(End.values().length)];
		this.texts = IntStream.range(0, 1 + random.nextInt(6)).mapToObj((number) -> number + filling()).toList();
		this.last = this.end.isHandlers() ? 1 + random.nextInt(this.texts.size()) : Integer.MAX_VALUE;
		this.channel.addRoom(random.nextInt(100));
	}

	private String filling() {
		int kind = this.random.nextInt(20);
		return "x".repeat((kind == 0) ? 66_000 + this.random.nextInt(10_000) : this.random.nextInt(150));
	}

	void start(EventLoop loop) {
		byte[] frames = Frames
			.join(this.texts.stream().map((text) -> Frames.masked(Frames.FIN_TEXT, text)).toArray(byte[][]::new));
		int early = early(frames.length);
		int count = this.end.isCut() ? Math.max(early, this.random.nextInt(frames.length + 1)) : frames.length;
		LoopSocket socket = new LoopSocket(this.channel, Arrays.copyOf(frames, early), this.session,
				OffloadPolicy.NEVER);
		this.sent = count;
		this.schedule.start("opens", () -> open(socket, loop));
		this.schedule.start("sends", () -> send(Arrays.copyOfRange(frames, early, count)));
		this.schedule.start("receives", this::receive);
	}

	private int early(int most) {
		return switch (this.random.nextInt(5)) {
			case 0 -> most;
			case 1, 2 -> this.random.nextInt(Math.min(400, most));
			default -> 0;
		};
	}

	/** As {@link LoopUpgradeHandler} does. */
	private void open(LoopSocket socket, EventLoop loop) {
		this.late.bind(socket);
		this.session.open();
		if (this.random.nextBoolean()) {
			this.schedule.start("pushes", this::push);
		}
		if (this.end.isOthers()) {
			this.schedule.start("ends", this::end);
		}
		if (!socket.register(loop)) {
			this.session.lost();
			this.late.close();
		}
	}

	private void pause() {
		for (int i = this.random.nextInt(30); i > 0; i--) {
			this.schedule.step();
		}
	}

	// The peer

	private void send(byte[] bytes) {
		for (int at = 0; at < bytes.length;) {
			int count = this.random.nextBoolean() ? bytes.length - at : 1 + this.random.nextInt(bytes.length - at);
			this.channel.arrive(Arrays.copyOfRange(bytes, at, at + count));
			at += count;
			pause();
		}
		switch (this.end) {
			case PEER_CLOSES -> this.channel.arrive(Frames.close(1000, ""));
			case PEER_LEAVES -> this.channel.endInput();
			case PEER_RESETS -> this.channel.reset();
			case CLOSED, HANDLER_CLOSES -> {
				this.schedule.await(() -> this.channel.hasSeenClose() || !this.channel.isOpen());
				this.channel.arrive(Frames.close(1001, ""));
			}
			default -> {
			}
		}
	}

	private void receive() {
		while (this.channel.isOpen() && !this.schedule.isOver()) {
			this.schedule.await(() -> this.channel.isFull() || !this.channel.isOpen());
			pause();
			this.channel.addRoom(1 + this.random.nextInt(this.random.nextBoolean() ? 100 : 100_000));
		}
	}

	// The application

	private void push() {
		for (int i = 0; i < 3; i++) {
			pause();
			write("push " + i, false);
		}
	}

	private void end() {
		pause();
		switch (this.end) {
			case CLOSED, HANDLER_CLOSES -> this.session.close(CloseStatus.GOING_AWAY);
			case ABORTED, HANDLER_ABORTS -> this.session.abort();
			case LOST -> this.session.lost();
			default -> throw new Failure();
		}
	}

	@Override
	public void text(byte[] utf8) {
		check(!this.handling && this.opened, "A message at the wrong time");
		this.handling = true;
		try {
			String text = new String(utf8, StandardCharsets.UTF_8);
			this.received.add(text);
			this.schedule.step();
			if (this.received.size() == this.last) {
				end();
			}
			answer(text);
		}
		finally {
			this.handling = false;
		}
	}

	private void answer(String text) {
		switch (this.random.nextInt(4)) {
			case 0 -> {
				pause();
				write(text, false);
			}
			case 1 -> {
				this.session.suspend();
				write(text, true);
			}
			case 2 -> {
				this.session.suspend();
				this.schedule.start("works", () -> {
					pause();
					write(text, true);
				});
			}
			default -> write(text, false);
		}
	}

	private void write(String text, boolean resume) {
		this.waiting.add(new Message(text, resume));
		writeNext();
	}

	private void writeNext() {
		Message next = this.writing ? null : this.waiting.poll();
		if (next != null) {
			this.writing = true;
			if (!this.session.send(List.of(Payload.text(next.text())), () -> written(next))) {
				written(next);
			}
		}
	}

	private void written(Message message) {
		this.writing = false;
		if (message.resume()) {
			this.owed = this.received.size();
			this.session.resume();
		}
		writeNext();
	}

	private void check(boolean right, String wrong) {
		if (!right) {
			this.schedule.fail(new AssertionError(wrong));
		}
	}

	@Override
	public void opened() {
		check(!this.opened && this.received.isEmpty(), "Not opened first");
		this.opened = true;
		if (this.random.nextBoolean()) {
			write("hello", false);
		}
		this.schedule.step();
	}

	@Override
	public void batchStarted() {
		check(!this.inBatch, "Two read at once");
		this.inBatch = true;
		this.schedule.step();
	}

	@Override
	public void batchEnded() {
		this.schedule.step();
		this.inBatch = false;
	}

	@Override
	public void closed(CloseStatus status) {
		this.ends.add(status);
		this.schedule.step();
	}

	@Override
	public void binary(byte[] bytes) {
		check(false, "Binary");
	}

	@Override
	public void pong(byte[] data) {
		check(false, "A pong");
	}

	@Override
	public void violated(CloseStatus status) {
		check(false, "Violated: " + status);
	}

	@Override
	public void closing(CloseStatus status) {
		this.schedule.step();
	}

	@Override
	public void activity() {
		this.schedule.step();
	}

	@Override
	public void progress() {
		this.schedule.step();
	}

	// What has to hold

	/** When nothing is left to do, and the loop goes on. */
	void assertServed() {
		assertNothingWrong();
		if (!this.end.isAnywhere()) {
			assertThat(this.received).isEqualTo(complete());
		}
		if (this.end == End.STAYS) {
			assertThat(this.ends).isEmpty();
			assertThat(echoes()).isEqualTo(this.texts);
			return;
		}
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.channel.isRegistered()).isFalse();
		assertThat(this.ends).extracting(CloseStatus::getCode).containsExactly(this.end.code);
		if (this.end == End.PEER_CLOSES) {
			assertThat(echoes()).hasSizeGreaterThanOrEqualTo(this.owed);
		}
		if (this.end.code != CloseStatus.NO_CLOSE_FRAME.getCode()) {
			assertThat(this.channel.seen()).last().isEqualTo("close " + this.end.code + " ");
		}
	}

	/** When the loop has ended. */
	void assertEnded() {
		assertNothingWrong();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.channel.isRegistered()).isFalse();
		assertThat(this.ends).hasSize(1);
	}

	private void assertNothingWrong() {
		assertThat(this.received).isEqualTo(this.texts.subList(0, this.received.size()));
		List<String> echoes = echoes();
		assertThat(echoes).isEqualTo(this.received.subList(0, echoes.size()));
		List<String> pushes = seen("push ");
		assertThat(pushes).isEqualTo(List.of("0", "1", "2").subList(0, pushes.size()));
		assertThat(this.channel.seen()).noneMatch((event) -> event.startsWith("error "));
	}

	@Override
	public String toString() {
		return this.end + ", received " + this.received.size() + " of " + this.texts.size() + ", echoed "
				+ echoes().size() + ", ends " + this.ends + ", " + this.channel;
	}

	private List<String> complete() {
		int at = 0;
		for (int i = 0; i < this.texts.size(); i++) {
			at += Frames.masked(Frames.FIN_TEXT, this.texts.get(i)).length;
			if (at > this.sent) {
				return this.texts.subList(0, i);
			}
		}
		return this.texts;
	}

	private List<String> echoes() {
		return seen("").stream().filter((text) -> !text.startsWith("push ") && !text.equals("hello")).toList();
	}

	private List<String> seen(String start) {
		return this.channel.seen()
			.stream()
			.filter((event) -> event.startsWith("text " + start))
			.map((event) -> event.substring(("text " + start).length()))
			.toList();
	}

	/** Who ends a connection, and with which code that is told. */
	private enum End {

		STAYS(0), PEER_CLOSES(1000), PEER_LEAVES(1006), PEER_RESETS(1006), CLOSED(1001), ABORTED(1006), LOST(1006),
		HANDLER_CLOSES(1001), HANDLER_ABORTS(1006), HANDLER_FAILS(1006);

		private final int code;

		End(int code) {
			this.code = code;
		}

		private boolean isHandlers() {
			return name().startsWith("HANDLER_");
		}

		private boolean isOthers() {
			return this == CLOSED || this == ABORTED || this == LOST;
		}

		/** The peer's messages may end within one. */
		private boolean isCut() {
			return this == PEER_LEAVES || this == PEER_RESETS;
		}

		/** Some of what the peer has sent may not be read. */
		private boolean isAnywhere() {
			return this == PEER_RESETS || this == ABORTED || this == LOST || this == HANDLER_ABORTS
					|| this == HANDLER_FAILS;
		}

	}

	private record Message(String text, boolean resume) {
	}

	/** What a handler throws. */
	static final class Failure extends Error {

		Failure() {
			super("harm", null, false, false);
		}

	}

}
