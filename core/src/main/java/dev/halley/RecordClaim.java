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

import dev.halley.hub.broker.PayloadCodec;

/**
 * What a node wants to begin.
 *
 * @param id the number that the record is to have
 * @param source is to be recorded
 * @param context of the reader for which it is
 * @param <T> the type of the messages
 */
record RecordClaim<T>(long id, RecordedSource<T> source, CallContext context) {

	/** What others are told. */
	RecordMessage message(long node, long after) {
		return new RecordMessage.Claim(node, this.id, after, this.source.recording());
	}

	/**
	 * Begins, since the claim was the first.
	 * @param codec encodes messages
	 * @param mostBytes how large one may be
	 * @param onChange called when there is more to be sent
	 */
	RecordOutbox<T> begin(PayloadCodec codec, int mostBytes, Runnable onChange) {
		return new RecordOutbox<>(this.source.name(), this.id, this.source, this.context, codec, mostBytes, onChange);
	}

}
