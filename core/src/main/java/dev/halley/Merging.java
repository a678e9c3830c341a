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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.util.context.ContextView;

/**
 * Several outs as one: how their ends and failures come together.
 */
final class Merging {

	private Merging() {
	}

	static Flux<Object> of(Out<?> first, Out<?>... others) {
		List<Out<?>> all = new ArrayList<>();
		all.add(first);
		all.addAll(Arrays.asList(others));
		return Flux.deferContextual((context) -> of(all, context));
	}

	private static Flux<Object> of(List<Out<?>> all, ContextView context) {
		Ends ends = new Ends(all.size());
		Together together = Together.of(context, all.size());
		return Flux.fromIterable(all).flatMap((out) -> {
			Flux<Object> source = inTurn(out.elements().takeWhile((element) -> !ends.take(element)));
			return new RelayedCancellation((together != null) ? together.join(source) : source);
		}, all.size(), 1).concatWith(Mono.fromSupplier(ends::status)).handle(Merging::pass);
	}

	/**
	 * Lets a failure wait behind the messages that came before it, which a merge would
	 * discard.
	 */
	static Flux<Object> inTurn(Flux<Object> elements) {
		return elements.onErrorResume(Resuming::mayWait, (ex) -> Flux.just(new Failure(ex)));
	}

	/** Passes an element on, and fails where it is a failure's turn. */
	static void pass(Object element, SynchronousSink<Object> sink) {
		if (element instanceof Failure failure) {
			sink.error(failure.cause());
		}
		else {
			sink.next(element);
		}
	}

	/** How one of several sources has failed. */
	record Failure(Throwable cause) {
	}

	/** Counts which of several sources have asked to end the connection. */
	static final class Ends {

		private int open;

		private @Nullable CloseStatus status;

		Ends(int open) {
			this.open = open;
		}

		synchronized boolean take(Object element) {
			if (element instanceof CloseStatus given) {
				this.open--;
				this.status = (this.status == null || isNormal(this.status) && !isNormal(given)) ? given : this.status;
				return true;
			}
			return false;
		}

		private static boolean isNormal(CloseStatus status) {
			return status.equalsCode(CloseStatus.NORMAL);
		}

		/**
		 * What to end with; a pipeline that subscribes twice makes one source end twice.
		 */
		synchronized @Nullable CloseStatus status() {
			return (this.open <= 0) ? this.status : null;
		}

	}

}
