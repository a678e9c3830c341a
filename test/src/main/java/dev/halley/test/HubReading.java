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

import dev.halley.ContextCapture;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

/**
 * How a {@link HubTester} reads what a hub sends: by testers that share its transcript.
 *
 * @param transcript where all goes that comes
 * @param timeout the most time of each wait
 */
record HubReading(Transcript transcript, Duration timeout) {

	PairTester<Void, Object> open(Out<?> out) {
		PairTesterBuilder<Void, Object> builder = PairTester.builder(InOut.<Void, Object>of(In.ignore(), out))
			.stream()
			.timeout(this.timeout);
		return builder.open(new TesterRuntime(ContextCapture.NONE), this.transcript);
	}

	/**
	 * Takes what comes next.
	 * @param tester whose message it is
	 * @param expected what it should be, for a failure
	 * @return the message
	 * @throws AssertionError if nothing comes, or the end
	 */
	static Object take(PairTester<Void, Object> tester, String expected) {
		tester.arrival(tester.timeout());
		Inbox.Arrival arrival = tester.inbox().take();
		Object message = (arrival != null) ? arrival.message() : null;
		if (message == null) {
			throw tester.failure("expected " + expected + ", but " + ((arrival != null) ? "the hub was closed"
					: "nothing came within " + Timeouts.print(tester.timeout())));
		}
		return message;
	}

}
