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

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/**
 * Compression of messages (RFC 7692), for all connections of a server: negotiates, and
 * owns the pools of deflaters and inflaters. Thread-safe. Closing it ends what is pooled;
 * connections that are still open go on, and what they give back is ended then.
 */
final class PerMessageDeflate implements AutoCloseable {

	private final DeflateSettings settings;

	private final Pool<Deflater> deflaters;

	private final Pool<Inflater> inflaters;

	private final MessageInflater sharedInflater;

	private final Map<Integer, FrameWriter> sharedWriters = new ConcurrentHashMap<>();

	PerMessageDeflate(DeflateSettings settings) {
		this.settings = settings;
		this.deflaters = new Pool<>(settings.pooled(), () -> new Deflater(settings.level(), true), Deflater::reset,
				Deflater::end);
		this.inflaters = new Pool<>(settings.pooled(), () -> new Inflater(true), Inflater::reset, Inflater::end);
		this.sharedInflater = new MessageInflater(this.inflaters, false);
	}

	/**
	 * Accept the first offer that can be accepted. Never throws, whatever the client
	 * sent.
	 * @param headers the values of {@code Sec-WebSocket-Extensions}, in their order
	 * @return what to answer and to hand to the other methods; {@code null} if there is
	 * no compression
	 */
	@Nullable DeflateParameters negotiate(List<String> headers) {
		return headers.stream()
			.flatMap((header) -> ExtensionOffer.parse(header).stream())
			.map((offer) -> DeflateParameters.accept(offer, this.settings.contextTakeover()))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Give what writes a connection's frames. Connections that agreed on the same get the
	 * same writer, so that its identity tells which frames they can share, unless the
	 * server's context is taken over. Then each gets its own, and has to
	 * {@linkplain FrameWriter#release() release} it.
	 * @param agreed what was negotiated
	 * @return a server's writer
	 */
	FrameWriter writer(DeflateParameters agreed) {
		return agreed.serverContextTakeover() ? new FrameWriter(deflater(agreed)) : this.sharedWriters
			.computeIfAbsent(agreed.maxCompressible(), (most) -> new FrameWriter(deflater(agreed)));
	}

	MessageDeflater deflater(DeflateParameters agreed) {
		return new MessageDeflater(this.deflaters, agreed.serverContextTakeover(), this.settings.threshold(),
				agreed.maxCompressible());
	}

	/**
	 * Give what inflates a connection's messages. The {@link FrameReader} that it is for
	 * gives it back.
	 * @param agreed what was negotiated
	 * @return an inflater
	 */
	MessageInflater inflater(DeflateParameters agreed) {
		return agreed.clientContextTakeover() ? new MessageInflater(this.inflaters, true) : this.sharedInflater;
	}

	int idleDeflaters() {
		return this.deflaters.idle();
	}

	int idleInflaters() {
		return this.inflaters.idle();
	}

	@Override
	public void close() {
		this.deflaters.close();
		this.inflaters.close();
	}

}
