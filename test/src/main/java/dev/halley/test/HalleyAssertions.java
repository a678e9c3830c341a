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

/**
 * Assertions of AssertJ for what the kit has, to be imported beside AssertJ's own:
 *
 * <pre class="code">
 * import static dev.halley.test.HalleyAssertions.assertThat;
 *
 * assertThat(client).receives("Hello!", "Bye").hasClosedWith(1000);
 * assertThat(client).next().extracting(Said::from).isEqualTo("Ada");
 * assertThat(testers.refusal("/rooms/1?name=root")).hasStatus(403);
 * </pre>
 *
 * Whatever fails has the transcript. AssertJ is needed for these alone.
 *
 * @since 0.1
 */
public final class HalleyAssertions {

	private HalleyAssertions() {
	}

	/**
	 * Asserts what a pair sends.
	 * @param peer a {@link PairTester} or a {@link LiveClient}
	 * @param <O> the type of the messages that the pair sends
	 * @return assertions
	 */
	public static <O> PeerAssert<O> assertThat(Peer<?, O, ?> peer) {
		return new PeerAssert<>(peer);
	}

	/**
	 * Asserts how a handshake was answered.
	 * @param answer the answer
	 * @return assertions
	 */
	public static HttpAnswerAssert assertThat(HttpAnswer answer) {
		return new HttpAnswerAssert(answer);
	}

}
