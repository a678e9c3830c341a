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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;

/**
 * What the scripts send and return, as in {@code publish.lua} and {@code read.lua}.
 */
final class ScriptValues {

	static final byte[] TEXT = { 't' };

	static final byte[] BINARY = { 'b' };

	/** Epoch, offset, tag and kind come before the payload. */
	private static final int HEADERS = 4;

	private static final int TIME = 1;

	private static final int TAG = 3;

	private static final int KIND = 5;

	private static final int PAYLOAD = 7;

	private ScriptValues() {
	}

	/** The kind, and in the same token what travels along. */
	static byte[] kind(BrokerPayload payload) {
		byte[] kind = payload.binary() ? BINARY : TEXT;
		return payload.headers().isEmpty() ? kind
				: ((char) kind[0] + payload.headers()).getBytes(StandardCharsets.US_ASCII);
	}

	private static BrokerPayload payload(byte[] bytes, byte[] kind, int from, int to) {
		boolean binary = kind[from] == BINARY[0];
		return (to - from <= 1) ? new BrokerPayload(bytes, binary) : new BrokerPayload(bytes, binary,
				new String(kind, from + 1, to - from - 1, StandardCharsets.US_ASCII));
	}

	/**
	 * Reads what was published on a channel.
	 * @return the message, or {@code null} if it is none
	 */
	static @Nullable BrokerMessage message(byte[] published) {
		int[] ends = new int[HEADERS];
		int from = 0;
		for (int i = 0; i < HEADERS; i++) {
			while (from < published.length && published[from] != ' ') {
				from++;
			}
			ends[i] = from++;
		}
		if (from > published.length) {
			return null;
		}
		try {
			return new BrokerMessage(number(published, 0, ends[0]), number(published, ends[0] + 1, ends[1]),
					number(published, ends[1] + 1, ends[2]), 0,
					payload(Arrays.copyOfRange(published, from, published.length), published, ends[2] + 1, ends[3]));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static long number(byte[] bytes, int from, int to) {
		return Long.parseLong(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
	}

	private static long number(Object bytes) {
		return number((byte[]) bytes, 0, ((byte[]) bytes).length);
	}

	static HubBroker.Placement placement(List<?> returned) {
		return new HubBroker.Placement(number(returned.get(0)), number(returned.get(1)));
	}

	static HistorySlice slice(List<?> returned) {
		long epoch = number(returned.get(0));
		long now = number(returned.get(2));
		List<BrokerMessage> messages = new ArrayList<>();
		for (Object entry : (List<?>) returned.get(3)) {
			messages.add(entry(epoch, now, (List<?>) entry));
		}
		return new HistorySlice(epoch, number(returned.get(1)), messages);
	}

	private static BrokerMessage entry(long epoch, long now, List<?> entry) {
		byte[] id = (byte[]) entry.get(0);
		List<?> fields = (List<?>) entry.get(1);
		byte[] kind = (byte[]) fields.get(KIND);
		int end = 0;
		while (id[end] != '-') {
			end++;
		}
		return new BrokerMessage(epoch, number(id, 0, end), number(fields.get(TAG)),
				Math.max(0, now - number(fields.get(TIME))),
				payload((byte[]) fields.get(PAYLOAD), kind, 0, kind.length));
	}

}
