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

import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One run of {@link In#through}: feeds the pipeline's input and watches the pipeline's
 * end.
 */
final class PipelineReceiver<T> implements Receiver<T> {

	private final PipelineInput<T> input = new PipelineInput<>();

	private final Mono<Void> end;

	/** It threw, so its end may never be signalled. */
	private volatile boolean broken;

	PipelineReceiver(Function<? super Flux<T>, ? extends Publisher<?>> pipeline) {
		this.end = Flux.<Object>defer(() -> Flux.from(pipeline.apply(this.input))).then().cache();
	}

	@Override
	public void start(Runnable finished, Consumer<Throwable> failed) {
		try {
			this.end.subscribe(null, failed, finished, CallContext.current().addTo(Context.empty()));
		}
		catch (Throwable ex) {
			this.broken = true;
			throw ex;
		}
	}

	@Override
	public @Nullable Publisher<?> receive(T message) {
		try {
			return this.input.feed(message);
		}
		catch (Throwable ex) {
			this.broken = true;
			throw ex;
		}
	}

	@Override
	public void done(CloseStatus status, Runnable then) {
		if (this.broken) {
			then.run();
			return;
		}
		Runnable last = CallContext.current().wrap(then);
		this.input.complete();
		this.end.subscribe(null, (ex) -> last.run(), last);
	}

	@Override
	public boolean isPipeline() {
		return true;
	}

}
