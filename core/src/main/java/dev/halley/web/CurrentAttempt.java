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

package dev.halley.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import dev.halley.CallContext;

/**
 * Keeps the attempt of a request, also until its asynchronous dispatch.
 */
final class CurrentAttempt {

	private static final String ATTRIBUTE = Attempt.class.getName();

	private static final String CONTEXT = ATTRIBUTE + ".CONTEXT";

	private CurrentAttempt() {
	}

	static @Nullable Attempt of(HttpServletRequest request) {
		return (Attempt) request.getAttribute(ATTRIBUTE);
	}

	static void set(HttpServletRequest request, Attempt attempt) {
		request.setAttribute(ATTRIBUTE, attempt);
	}

	/** What the method had on its thread when it left its pair for later. */
	static CallContext contextOf(HttpServletRequest request) {
		return (request.getAttribute(CONTEXT) instanceof CallContext context) ? context : CallContext.NONE;
	}

	static void setContext(HttpServletRequest request, CallContext context) {
		request.setAttribute(CONTEXT, context);
	}

	/**
	 * Closes the attempt, unless the answer comes later: then when the request is over,
	 * which it also is if the client goes away and no dispatch ever comes. One that is
	 * closed is forgotten: an exception handler may forward the request to another
	 * endpoint, which has to check it anew.
	 */
	static void closeWhenDone(HttpServletRequest request, Attempt attempt) {
		if (request.isAsyncStarted()) {
			request.getAsyncContext().addListener(new Closer(attempt));
		}
		else {
			request.removeAttribute(ATTRIBUTE);
			request.removeAttribute(CONTEXT);
			attempt.close();
		}
	}

	private record Closer(Attempt attempt) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			this.attempt.close();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
		}

		/** Listeners are forgotten when a dispatch starts another asynchronous wait. */
		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this);
		}

	}

}
