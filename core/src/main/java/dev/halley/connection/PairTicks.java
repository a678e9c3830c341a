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

package dev.halley.connection;

import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * What each tick of the timer does for the connection of a pair: looks at its
 * {@link TimeOuts}, which it tells what goes on at the moment, and has done what the time
 * has come for.
 * <p>
 * Ticks come one at a time; whatever may wait is handed over to {@link TickWork}.
 */
final class PairTicks implements TimeOuts.Traffic {

	private static final Payload PING = Payload.ping(new byte[0]);

	private final Connection connection;

	private final Inbound inbound;

	private final Outbound outbound;

	private final OutboundState sending;

	private final TickWork work;

	PairTicks(Connection connection, Inbound inbound, Outbound outbound, OutboundState sending, TickWork work) {
		this.connection = connection;
		this.inbound = inbound;
		this.outbound = outbound;
		this.sending = sending;
		this.work = work;
	}

	void tick(long now) {
		TimeOuts timeOuts = this.connection.timeOuts();
		if (timeOuts.isResting(now) || this.connection.ending().isOver()) {
			return;
		}
		this.inbound.tick(now);
		this.connection.count().tick(now, this.sending.sentMessages());
		Transport transport = this.connection.transport();
		boolean answersPings = transport != null && transport.answersPings();
		long left = (transport != null && this.connection.isOpen()) ? transport.timeLeft(now) : Long.MAX_VALUE;
		if (left <= 0) {
			this.work.run(() -> this.connection.close(CloseStatus.NORMAL));
		}
		switch (timeOuts.look(now, this.connection.isOpen(), answersPings, left)) {
			case DROP -> this.work.drop(this::drop);
			case CLOSE_IDLE -> this.work.run(() -> this.connection.close(TimeOuts.IDLE));
			case PING -> this.work.run(() -> {
				timeOuts.pinged(this.connection.now(), answersPings);
				this.outbound.ping(PING);
			});
			case NOTHING -> {
				if (this.connection.isOpen() && this.sending.isHeldBack()) {
					this.work.run(this.outbound::release);
				}
			}
		}
	}

	private void drop() {
		this.connection.ending().timeOut();
		this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
	}

	@Override
	public boolean isBusy() {
		return this.inbound.isBusy();
	}

	@Override
	public boolean isAtWork() {
		return this.inbound.isAtWork();
	}

	@Override
	public boolean isSending() {
		return this.sending.isSending();
	}

	@Override
	public long stuckSince() {
		return this.sending.stuckSince();
	}

	@Override
	public long lastWrite() {
		return this.sending.lastWrite();
	}

}
