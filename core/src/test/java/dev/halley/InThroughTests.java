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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.reactivex.rxjava3.core.Flowable;
import io.smallrye.mutiny.Multi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.FlowAdapters;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link In#through} and {@link In#throughReactive}.
 */
@Timeout(60)
class InThroughTests extends ReceiverTestCase {

	private final List<Object> seen = new ArrayList<>();

	private final List<CloseStatus> ends = new ArrayList<>();

	@Test
	void throughRunsOncePerConnectionAndNotBefore() {
		AtomicInteger runs = new AtomicInteger();
		In<String> in = In.through((messages) -> {
			runs.incrementAndGet();
			return messages;
		});
		assertThat(runs).hasValue(0);
		Receiver<String> receiver = in.receiver();
		assertThat(runs).hasValue(0);
		receiver.start(this.finished::incrementAndGet, this.failed::set);
		end(receiver);
		assertThat(runs).hasValue(1);
	}

	@Test
	void throughFeedsThePipeline() throws Exception {
		Receiver<String> receiver = start(In.through((messages) -> messages.doOnNext(this.seen::add)));
		assertThat(receiver.receive("a")).isNull();
		assertThat(receiver.receive("b")).isNull();
		assertThat(this.seen).containsExactly("a", "b");
		assertThat(receiver.isPipeline()).isTrue();
	}

	@Test
	void throughWaitsForThePipelinesDemand() throws Exception {
		Sinks.One<String> sink = Sinks.one();
		Receiver<String> receiver = start(In.through((messages) -> messages.concatMap((message) -> sink.asMono(), 0)));
		AtomicInteger released = watch(receiver.receive("a"));
		assertThat(released).hasValue(0);
		sink.tryEmitValue("done");
		assertThat(released).hasValue(1);
	}

	@Test
	void throughTellsThatThePipelineIsFinished() throws Exception {
		Receiver<String> receiver = start(In.through((messages) -> messages.take(2)));
		receiver.receive("a");
		assertThat(this.finished).hasValue(0);
		receiver.receive("b");
		assertThat(this.finished).hasValue(1);
		assertThat(receiver.receive("c")).isNull();
		end(receiver);
		assertThat(this.then).hasValue(1);
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void throughTellsThatThePipelineFailed() throws Exception {
		IllegalStateException failure = new IllegalStateException("pipeline");
		Receiver<String> receiver = start(
				In.through((messages) -> messages.handle((message, sink) -> sink.error(failure))));
		receiver.receive("a");
		assertThat(this.failed).hasValue(failure);
		assertThat(this.finished).hasValue(0);
		end(receiver);
		assertThat(this.then).hasValue(1);
	}

	@Test
	void throughTellsThatThePipelineCouldNotBeMade() {
		IllegalStateException failure = new IllegalStateException("assembly");
		start(In.through((messages) -> {
			throw failure;
		}));
		assertThat(this.failed).hasValue(failure);
		start(In.through((messages) -> null));
		assertThat(this.failed.get()).isInstanceOf(NullPointerException.class);
	}

	@Test
	void throughCompletesItsInputAtTheEndAndWaitsForThePipeline() throws Exception {
		Sinks.Empty<Void> last = Sinks.empty();
		Receiver<String> receiver = start(
				In.<String>through((messages) -> messages.collectList().doOnNext(this.seen::add).then(last.asMono()))
					.whenDone(this.ends::add));
		receiver.receive("a");
		end(receiver);
		assertThat(this.seen).containsExactly(List.of("a"));
		assertThat(this.ends).isEmpty();
		last.tryEmitEmpty();
		assertThat(this.ends).containsExactly(CloseStatus.NORMAL);
		assertThat(this.then).hasValue(1);
	}

	@Test
	void throughThatEndsBeforeItStartsStillFinishes() {
		Receiver<String> receiver = In.<String>through((messages) -> messages).whenDone(this.ends::add).receiver();
		end(receiver);
		assertThat(this.ends).hasSize(1);
		receiver.start(this.finished::incrementAndGet, this.failed::set);
		assertThat(this.finished).hasValue(1);
		assertThat(this.ends).hasSize(1);
	}

	@Test
	void throughReactiveTakesRxJava() throws Exception {
		Receiver<String> receiver = start(
				In.throughReactive((messages) -> Flowable.fromPublisher(messages).doOnNext(this.seen::add)));
		receiver.receive("a");
		end(receiver);
		assertThat(this.seen).containsExactly("a");
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void throughReactiveTakesMutiny() throws Exception {
		Receiver<String> receiver = start(In.throughReactive((messages) -> Multi.createFrom()
			.publisher(FlowAdapters.toFlowPublisher(messages))
			.onItem()
			.invoke(this.seen::add)
			.collect()
			.asList()));
		receiver.receive("a");
		receiver.receive("b");
		end(receiver);
		assertThat(this.seen).containsExactly("a", "b");
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void throughReactiveTakesACompletionStage() throws Exception {
		Receiver<String> receiver = start(In.throughReactive((messages) -> messages.next().toFuture()));
		assertThat(this.finished).hasValue(0);
		receiver.receive("a");
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void throughReactiveFailsForWhatIsNotReactive() {
		start(In.throughReactive((messages) -> "text"));
		assertThat(this.failed.get()).isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("java.lang.String");
	}

}
