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

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CallContext;
import dev.halley.codec.Payload;

/**
 * What a connection does about failures: what the application's exception handlers say,
 * or else it closes.
 */
final class FailureAnswers {

	private final Connection connection;

	private final Inbound inbound;

	private final Outbound outbound;

	private final FailureHandler handler;

	FailureAnswers(Connection connection, Inbound inbound, Outbound outbound, FailureHandler handler) {
		this.connection = connection;
		this.inbound = inbound;
		this.outbound = outbound;
		this.handler = handler;
	}

	/**
	 * A handler, a decoder or the validation failed: the application may answer, else the
	 * connection is closed, and nothing more is handled, be it closing already.
	 */
	void failed(Throwable failure, @Nullable Object message) {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			Object answer = this.handler.handle(failure, message);
			if (answer instanceof CloseStatus status) {
				this.inbound.refuse();
				this.connection.end(status);
			}
			else if (answer instanceof Payload payload) {
				this.outbound.offer(payload);
			}
		}
		catch (Throwable ex) {
			this.inbound.refuse();
			this.connection.close(Failures.statusFor(ex, this.connection));
		}
	}

	/**
	 * The out failed: the application may have a last message, or choose how to close.
	 * Nobody is told anything of the failure otherwise. What fails may be the thread of
	 * somebody who publishes to many, which must not wait for an exception handler.
	 */
	void outFailed(Throwable failure) {
		if (this.handler == FailureHandler.NONE) {
			end(failure);
		}
		else {
			this.connection.callbacks().callBack(() -> end(failure));
		}
	}

	private void end(Throwable failure) {
		CloseStatus last = CloseStatus.SERVER_ERROR;
		try (CallContext.Scope scope = this.connection.context().enter()) {
			Object answer = this.handler.handle(failure, null);
			if (answer instanceof CloseStatus status) {
				this.connection.end(status);
			}
			else if (answer instanceof Payload payload) {
				this.outbound.offerLast(payload);
			}
		}
		catch (Throwable ex) {
			last = Failures.statusForOut(ex, this.connection);
		}
		this.connection.close(last);
	}

}
