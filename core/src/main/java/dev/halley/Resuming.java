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

package dev.halley;

import java.util.function.Function;

import org.springframework.util.Assert;
import reactor.core.publisher.Flux;

/**
 * Goes on with another {@link Out} where one fails.
 */
final class Resuming {

	private Resuming() {
	}

	static Flux<Object> of(Flux<Object> elements, Function<? super Throwable, ? extends Out<?>> next) {
		return Positions.withoutResets(elements).onErrorResume(Resuming::mayWait, (ex) -> {
			Out<?> follower = next.apply(ex);
			Assert.state(follower != null, "'next' returned null (expected: an Out)");
			return follower.elements();
		});
	}

	/**
	 * Whether a failure may wait behind the messages before it, or another out take its
	 * place. That a peer is too slow must not wait for that peer.
	 */
	static boolean mayWait(Throwable failure) {
		return !(failure instanceof SlowConsumerException);
	}

}
