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

package dev.halley.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactory;
import org.assertj.core.api.ObjectAssert;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Assertions about a {@link PairTester} or a {@link LiveClient}. They wait for what
 * comes, and take it, as the {@code expect…} methods do.
 *
 * @param <O> the type of the messages that the pair sends
 * @since 0.1
 * @see HalleyAssertions
 */
public final class PeerAssert<O> extends AbstractAssert<PeerAssert<O>, Peer<?, O, ?>> {

	PeerAssert(@Nullable Peer<?, O, ?> actual) {
		super(actual, PeerAssert.class);
	}

	private Peer<?, O, ?> peer() {
		isNotNull();
		return this.actual;
	}

	/**
	 * Takes the next message, for any assertion about it.
	 * @return assertions about the message
	 */
	public ObjectAssert<O> next() {
		Peer<?, O, ?> peer = peer();
		return Assertions.assertThat(peer.next()).as(peer::transcript);
	}

	/**
	 * Takes the next message, for assertions about its type.
	 * @param type such as {@code InstanceOfAssertFactories.STRING}
	 * @param <A> the type of the assertions
	 * @return assertions about the message
	 */
	public <A extends AbstractAssert<?, ?>> A next(InstanceOfAssertFactory<?, A> type) {
		return next().asInstanceOf(type);
	}

	/**
	 * Verifies that these messages come next, in this order.
	 * @param messages the messages
	 * @return this
	 */
	@SafeVarargs
	public final PeerAssert<O> receives(O... messages) {
		Peer<?, O, ?> peer = peer();
		Arrays.stream(messages).forEach(peer::expect);
		return this;
	}

	/**
	 * Verifies that these messages come next, in whatever order.
	 * @param messages the messages
	 * @return this
	 */
	@SafeVarargs
	public final PeerAssert<O> receivesInAnyOrder(O... messages) {
		peer().expectInAnyOrder(messages);
		return this;
	}

	/**
	 * Verifies that nothing comes for some time.
	 * @param time for how long, as {@link Peer#expectNone} counts it
	 * @return this
	 */
	public PeerAssert<O> receivesNothingFor(Duration time) {
		peer().expectNone(time);
		return this;
	}

	/**
	 * Verifies that the connection's end comes next.
	 * @param code the code of the close status, 1006 for an end without a Close
	 * @return this
	 */
	public PeerAssert<O> hasClosedWith(int code) {
		peer().expectClose(code);
		return this;
	}

	/**
	 * Verifies that the connection's end comes next.
	 * @param status the close status; without a reason, with any, and with an empty one,
	 * without
	 * @return this
	 */
	public PeerAssert<O> hasClosedWith(CloseStatus status) {
		peer().expectClose(status);
		return this;
	}

	/**
	 * Verifies that the connection is there now.
	 * @return this
	 */
	public PeerAssert<O> isOpen() {
		Peer<?, O, ?> peer = peer();
		if (!peer.isOpen()) {
			throw peer.failure("expected an open connection, but it has ended");
		}
		return this;
	}

	/**
	 * Verifies that all messages that have come are read.
	 * @return this
	 */
	public PeerAssert<O> hasNothingUnread() {
		Peer<?, O, ?> peer = peer();
		List<Object> unread = peer.unread();
		if (!unread.isEmpty()) {
			throw peer.failure("nobody has read " + Transcript.print(unread));
		}
		return this;
	}

	/**
	 * Returns the transcript, for any assertion about it.
	 * @return assertions about its text
	 */
	public AbstractStringAssert<?> transcript() {
		return Assertions.assertThat(peer().transcript());
	}

}
