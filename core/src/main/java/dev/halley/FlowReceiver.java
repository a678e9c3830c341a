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

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;

/**
 * The receiving side of {@link InOut#flow}: feeds the pipeline's input. The pipeline
 * itself is run, and its end is seen, on the sending side.
 */
final class FlowReceiver<T> implements Receiver<T> {

	private final PipelineInput<T> input;

	FlowReceiver(PipelineInput<T> input) {
		this.input = input;
	}

	@Override
	public @Nullable Publisher<?> receive(T message) {
		return this.input.feed(message);
	}

	@Override
	public void done(CloseStatus status) {
		this.input.complete();
	}

	@Override
	public boolean isPipeline() {
		return true;
	}

}
