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

package dev.halley.websocket.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Writes down what a reader calls, one line an event.
 */
final class RecordingHandler implements FrameHandler {

	private final List<String> events = new ArrayList<>();

	private final List<byte[]> messages = new ArrayList<>();

	private final BooleanSupplier goOn;

	RecordingHandler() {
		this(() -> true);
	}

	RecordingHandler(BooleanSupplier goOn) {
		this.goOn = goOn;
	}

	List<String> events() {
		return this.events;
	}

	List<byte[]> messages() {
		return this.messages;
	}

	@Override
	public boolean onText(byte[] utf8) {
		this.messages.add(utf8);
		return add("text " + new String(utf8, StandardCharsets.UTF_8));
	}

	@Override
	public boolean onBinary(byte[] data) {
		this.messages.add(data);
		return add("binary " + HexFormat.of().formatHex(data));
	}

	@Override
	public boolean onPing(byte[] payload) {
		return add("ping " + HexFormat.of().formatHex(payload));
	}

	@Override
	public boolean onPong(byte[] payload) {
		return add("pong " + HexFormat.of().formatHex(payload));
	}

	@Override
	public void onClose(int code, String reason) {
		add("close " + code + " " + reason);
	}

	boolean add(String event) {
		this.events.add(event);
		return this.goOn.getAsBoolean();
	}

}
