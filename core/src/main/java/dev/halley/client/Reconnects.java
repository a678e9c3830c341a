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

package dev.halley.client;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * What a request's strategies make of its losses: counts those in a row. Used by one
 * thread at a time.
 */
final class Reconnects {

	private static final Log logger = LogFactory.getLog(Reconnects.class);

	private static final Duration LONGEST = Duration.ofDays(1);

	private final ClientRequest<?> request;

	private final boolean reconnecting;

	private int inARow;

	private volatile long openedAt;

	private volatile boolean opened;

	private boolean failed;

	Reconnects(ClientRequest<?> request, boolean reconnecting) {
		this.request = request;
		this.reconnecting = reconnecting;
	}

	/** The server has accepted. */
	void opened() {
		this.openedAt = this.request.runtime.now();
		this.opened = true;
	}

	/** Counts a loss. */
	ConnectionLoss lost(@Nullable CloseStatus status, @Nullable Throwable failure) {
		boolean lasted = this.opened && this.reconnecting && hasLasted();
		this.opened = false;
		this.inARow = lasted ? 1 : this.inARow + 1;
		return new ConnectionLoss(status, failure, this.inARow);
	}

	private boolean hasLasted() {
		try {
			Duration open = Duration.ofNanos(this.request.runtime.now() - this.openedAt);
			return open.compareTo(this.request.connectStrategy.lasting()) >= 0;
		}
		catch (Throwable ex) {
			failed(ex);
			return false;
		}
	}

	private void failed(Throwable ex) {
		logger.error("A strategy has failed, so that " + this.request.uri.getHost() + " is given up", ex);
		this.failed = true;
	}

	/**
	 * Decides. Strategies that fail give up.
	 * @param asked the time that the server asks for, or {@code null}
	 * @return how long to wait for the next attempt, or {@code null} if there is none
	 */
	@Nullable Duration delay(ConnectionLoss loss, @Nullable Duration asked) {
		if (!this.reconnecting || this.failed) {
			return null;
		}
		try {
			ErrorStrategy.Reaction reaction = this.request.errorStrategy.decide(loss);
			if (!reaction.comesBack()) {
				return null;
			}
			Duration delay = this.request.connectStrategy.delay(loss.inARow(), asked).plus(reaction.pause());
			return (delay.compareTo(LONGEST) > 0) ? LONGEST : delay;
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

}
