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

package dev.halley.slice;

import java.time.Duration;
import java.util.Objects;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * The components of an application of which tests take slices.
 */
final class Shop {

	private Shop() {
	}

	/**
	 * A service, which no slice has.
	 */
	interface Prices {

		/** Throws if there is no such item. */
		int of(String item);

	}

	@Service
	static class FixedPrices implements Prices {

		@Override
		public int of(String item) {
			return item.length();
		}

	}

	@Controller
	static class OfferController {

		private final Hubs hubs;

		private final Prices prices;

		OfferController(Hubs hubs, Prices prices) {
			this.hubs = hubs;
			this.prices = prices;
		}

		@WebSocketMapping("/offers/{item}")
		InOut<@Valid Bid, Offer> offers(@PathVariable String item) {
			int price = this.prices.of(item);
			Hub<Offer> hub = this.hubs.hub("offers." + item, Offer.class);
			In<Bid> in = In.forEach((bid) -> hub.publish(new Offer(bid.from(), price)));
			return InOut.of(in, hub.out());
		}

	}

	@Controller
	static class NoteController implements Notes {

		@WebSocketMapping("/notes")
		InOut<Note, Note> notes() {
			return InOut.flow((notes) -> notes.map((note) -> new Note(note.text() + "!")));
		}

		@Override
		public Out<String> all() {
			return Out.of("one", "two").andThen(Out.eof());
		}

	}

	/**
	 * Mappings may be inherited.
	 */
	interface Notes {

		@EventSourceMapping("/notes")
		Out<String> all();

	}

	/**
	 * A controller of plain requests, which needs what no slice has.
	 */
	@Controller
	static class PageController {

		private final FixedPrices prices;

		PageController(FixedPrices prices) {
			this.prices = prices;
		}

		@GetMapping("/prices/{item}")
		@ResponseBody
		String price(@PathVariable String item) {
			return String.valueOf(this.prices.of(item));
		}

	}

	/**
	 * Has a stream among plain requests.
	 */
	@Controller
	static class TickController {

		@GetMapping(path = "/ticks", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ticks() {
			return Out.every(Duration.ofSeconds(1), () -> "tick");
		}

	}

	@ControllerAdvice
	static class ShopAdvice {

		@MessageExceptionHandler
		Offer refuse(InvalidMessageException ex) {
			return new Offer("", -1);
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.NOT_FOUND)
		void noSuchItem(IllegalArgumentException ex) {
		}

	}

	/**
	 * How notes are written.
	 */
	@Component
	static class NoteCodec implements MessageCodec<Note> {

		@Override
		public Payload encode(Note note) {
			return Payload.text("note: " + note.text());
		}

		@Override
		public Note decode(Payload payload) {
			return new Note(Objects.requireNonNull(payload.text()).substring("note: ".length()));
		}

	}

	record Bid(@NotBlank String from) {
	}

	record Offer(String to, int price) {
	}

	record Note(String text) {
	}

}
