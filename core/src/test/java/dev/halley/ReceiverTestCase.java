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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the receivers of an {@link In} tell a test.
 */
abstract class ReceiverTestCase {

	final AtomicInteger then = new AtomicInteger();

	final AtomicInteger finished = new AtomicInteger();

	final AtomicReference<Throwable> failed = new AtomicReference<>();

	<T> Receiver<T> start(In<T> in) {
		Receiver<T> receiver = in.receiver();
		receiver.start(this.finished::incrementAndGet, this.failed::set);
		return receiver;
	}

	void end(Receiver<?> receiver) {
		receiver.done(CloseStatus.NORMAL, this.then::incrementAndGet);
	}

	static AtomicInteger watch(@Nullable Publisher<?> publisher) {
		AtomicInteger done = new AtomicInteger();
		Flux.from(required(publisher)).subscribe(null, null, done::incrementAndGet);
		return done;
	}

	static Publisher<?> required(@Nullable Publisher<?> publisher) {
		assertThat(publisher).as("what is waited for").isNotNull();
		return publisher;
	}

}
