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

package dev.halley.stream;

import java.io.IOException;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;

/**
 * What the container tells of the response of a stream: that it can be written, that its
 * time is over, that the peer is gone, or that it is recycled.
 */
final class ResponseListener implements WriteListener, AsyncListener {

	private final ResponseTransport transport;

	ResponseListener(ResponseTransport transport) {
		this.transport = transport;
	}

	/** Asks for the first call of {@link #onWritePossible}. */
	void listenTo(ServletResponse response) {
		try {
			response.getOutputStream().setWriteListener(this);
		}
		catch (UnsupportedOperationException ex) {
			// A response without a network, such as a mock: always ready
			onWritePossible();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The response gives no output stream", ex);
		}
	}

	@Override
	public void onWritePossible() {
		this.transport.writePossible();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.transport.timedOut();
	}

	@Override
	public void onError(Throwable ex) {
		this.transport.gone(ex);
	}

	@Override
	public void onError(AsyncEvent event) {
		this.transport.failedInContainer(event.getThrowable());
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.transport.recycled();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
	}

}
