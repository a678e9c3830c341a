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

package dev.halley.comet;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.stream.StreamFormat;
import dev.halley.stream.StreamOverrides;

/**
 * Comet streams from ordinary handler methods: the page's function is called once for
 * each message, as the messages arrive. Play's {@code Comet} helper.
 *
 * <pre class="code">
 * &#64;GetMapping("/clock")
 * ResponseBodyEmitter clock() {
 *     return Comet.callback("parent.clockChanged").emit(Out.every(Duration.ofSeconds(1), this::time));
 * }
 * </pre>
 *
 * Immutable and thread-safe; may be kept and used for many streams. The emitter is to be
 * returned, alone or in a {@code ResponseEntity}, whose headers are used. Nothing of it
 * needs a bean: the codecs, limits and the registry of live connections are those of the
 * application that handles the request.
 * <p>
 * Surprising, perhaps: a stream has no time limit, though Spring MVC's emitters have one;
 * and in a page with a content security policy, scripts run only with its nonce.
 *
 * @since 0.1
 */
public final class Comet {

	private static final Comet HTML = callback("html");

	private final CometMarkup markup;

	private final CometNonce nonce;

	private final StreamOverrides overrides;

	private final @Nullable Boolean removeScripts;

	private final boolean eventIds;

	private Comet(CometMarkup markup, CometNonce nonce, StreamOverrides overrides, @Nullable Boolean removeScripts,
			boolean eventIds) {
		this.markup = markup;
		this.nonce = nonce;
		this.overrides = overrides;
		this.removeScripts = removeScripts;
		this.eventIds = eventIds;
	}

	/**
	 * Starts with the function to call, such as {@code console.log} or
	 * {@code parent.cometMessage}.
	 * @param callback identifiers joined by dots; may come from the request
	 * @return streams that call it
	 * @throws InvalidCallbackException if it is no such name, or would run its argument
	 * as code: answered with 400 unless it is handled
	 */
	public static Comet callback(String callback) {
		Assert.notNull(callback, "'callback' must not be null");
		return new Comet(InvalidCallbackException.check(callback), CometNonce.NONE, StreamOverrides.NONE, null, false);
	}

	/**
	 * Sends HTML that was made by hand, such as script tags, each string in a chunk of
	 * its own, as it is.
	 * @param html the HTML: whatever users sent must be escaped in it
	 * @return the body of the response, to be returned from the handler method
	 */
	public static ResponseBodyEmitter html(Out<String> html) {
		Assert.notNull(html, "'html' must not be null");
		return new CometEmitter(HTML, html, String.class);
	}

	/**
	 * Gives the scripts a nonce.
	 * @param nonce the nonce of the page's content security policy
	 * @return streams with the nonce
	 * @throws IllegalArgumentException if it is empty or has control characters
	 */
	public Comet nonce(String nonce) {
		Assert.notNull(nonce, "'nonce' must not be null");
		return new Comet(this.markup.withNonce(nonce), this.nonce, this.overrides, this.removeScripts, this.eventIds);
	}

	/**
	 * Gives the scripts the nonce that a filter has put into the request.
	 * @param name the name of the request attribute
	 * @return streams with the nonce, or without one if there is no such attribute
	 */
	public Comet nonceFromAttribute(String name) {
		Assert.hasText(name, "'name' must not be empty");
		return new Comet(this.markup, new CometNonce(name, this.nonce.fromPolicy()), this.overrides, this.removeScripts,
				this.eventIds);
	}

	/**
	 * Gives the scripts the nonce of the response's {@code Content-Security-Policy}
	 * headers.
	 * @return streams with the nonce, or without one if no policy names one
	 */
	public Comet nonceFromPolicy() {
		return new Comet(this.markup, new CometNonce(this.nonce.attribute(), true), this.overrides, this.removeScripts,
				this.eventIds);
	}

	/**
	 * Replaces what comes before the first script, by default 5,120 spaces, so that
	 * browsers start rendering, and the start of a page.
	 * @param html the HTML, written as it is: never made of what users sent
	 * @return streams that begin with it
	 */
	public Comet initialChunk(String html) {
		return new Comet(this.markup.withInitialChunk(html), this.nonce, this.overrides, this.removeScripts,
				this.eventIds);
	}

	/**
	 * Ends the stream after a time.
	 * @param timeout the time, zero for never
	 * @return streams with the limit
	 */
	public Comet timeout(Duration timeout) {
		return with(this.overrides.withTimeout(timeout));
	}

	/**
	 * Sends filler after a time without a message, which finds peers that are gone.
	 * @param heartbeat the time
	 * @return streams with the heartbeat
	 */
	public Comet heartbeat(Duration heartbeat) {
		return with(this.overrides.withHeartbeat(heartbeat));
	}

	/**
	 * Chooses what happens when a source that does not wait meets a full send buffer.
	 * @param overflow the strategy
	 * @return streams with the strategy
	 */
	public Comet overflow(Overflow overflow) {
		return with(this.overrides.withOverflow(overflow));
	}

	private Comet with(StreamOverrides overrides) {
		return new Comet(this.markup, this.nonce, overrides, this.removeScripts, this.eventIds);
	}

	/**
	 * Calls another function, without an argument, when the application has asked for the
	 * end, as {@link Out#eof} does: the page need not ask for the stream again.
	 * @param callback identifiers joined by dots
	 * @return streams that call it last
	 * @throws InvalidCallbackException if it is no such name
	 */
	public Comet endCallback(String callback) {
		return withEnd(new CometEnd(InvalidCallbackException.checkName(callback), this.markup.end().reconnect()));
	}

	/**
	 * Calls the function of {@link #endCallback} also when the out just ends or fails, as
	 * for a job that nobody wants to run twice.
	 * @return streams that are over when their out is
	 */
	public Comet withoutReconnect() {
		return withEnd(new CometEnd(this.markup.end().callback(), false));
	}

	private Comet withEnd(CometEnd end) {
		return new Comet(this.markup.withEnd(end), this.nonce, this.overrides, this.removeScripts, this.eventIds);
	}

	/**
	 * Lets each script tag remove itself after it ran, so that a page that is open for
	 * days does not grow.
	 * @return streams with such tags
	 */
	public Comet removeScripts() {
		return new Comet(this.markup, this.nonce, this.overrides, true, this.eventIds);
	}

	/**
	 * Calls the function with the id of the message as a second argument, a string, where
	 * there is one: that of a {@link org.springframework.http.codec.ServerSentEvent}, or
	 * the {@link dev.halley.Position} of what comes from a hub that keeps a history. The
	 * page gives it back as the parameter {@code lastEventId}.
	 * @return streams with ids
	 * @see dev.halley.annotation.LastEventId
	 */
	public Comet eventIds() {
		return new Comet(this.markup, this.nonce, this.overrides, this.removeScripts, true);
	}

	/**
	 * Sends messages: strings as strings, what becomes JSON as values, other types as the
	 * application's codec for exactly their class says.
	 * @param out the messages
	 * @param <T> the type of the messages
	 * @return the body of the response, to be returned from the handler method
	 */
	public <T> ResponseBodyEmitter emit(Out<T> out) {
		Assert.notNull(out, "'out' must not be null");
		return new CometEmitter(this, out, null);
	}

	/**
	 * As {@link #emit(Out)}, for messages of a declared type: needed for a codec of a
	 * type with subclasses.
	 * @param out the messages
	 * @param type the type that decides on the codec
	 * @param <T> the type of the messages
	 * @return the body of the response, to be returned from the handler method
	 */
	public <T> ResponseBodyEmitter emit(Out<? extends T> out, Class<T> type) {
		Assert.notNull(out, "'out' must not be null");
		Assert.notNull(type, "'type' must not be null");
		return new CometEmitter(this, out, type);
	}

	StreamFormat format(boolean removeScripts, @Nullable String nonce) {
		if (isHtml()) {
			return HtmlFormat.INSTANCE;
		}
		boolean remove = (this.removeScripts != null) ? this.removeScripts : removeScripts;
		CometMarkup markup = this.markup.withRemoveScripts(remove);
		return new CometStreamFormat((nonce != null) ? markup.withNonce(nonce) : markup);
	}

	/** Returns the codec of a type, or of messages of which none is declared. */
	@SuppressWarnings("unchecked")
	MessageCodec<?> codec(MessageCodecs codecs, @Nullable ResolvableType type) {
		CometCodec codec = new CometCodec(codecs, (type != null) ? (MessageCodec<Object>) codecs.codec(type) : null);
		return this.eventIds ? new CometIdCodec(codec) : codec;
	}

	boolean isHtml() {
		return this == HTML;
	}

	CometNonce nonce() {
		return this.nonce;
	}

	StreamOverrides overrides() {
		return this.overrides;
	}

}
