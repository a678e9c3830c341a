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

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

import dev.halley.Hubs;
import dev.halley.slice.Shop.Bid;
import dev.halley.slice.Shop.NoteController;
import dev.halley.slice.Shop.Offer;
import dev.halley.slice.Shop.OfferController;
import dev.halley.slice.Shop.PageController;
import dev.halley.slice.Shop.Prices;
import dev.halley.test.FakeHubBroker;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

/**
 * A slice of one controller, of an application whose hubs have a broker.
 */
@HalleyTest(controllers = OfferController.class, properties = "shop.name=slice")
@ActiveProfiles("redis")
@Import(Brokers.class)
class NamedSliceTests {

	@Autowired
	private PairTesters testers;

	@MockitoBean
	private Prices prices;

	@Test
	void hubsLiveInMemoryWhateverTheApplicationSays(@Autowired Environment environment, @Autowired Hubs hubs,
			@Autowired FakeHubBroker broker) {
		broker.down();
		given(this.prices.of("pen")).willReturn(3);
		PairTester<Bid, Offer> ada = this.testers.webSocket("/offers/pen", Bid.class, Offer.class);
		PairTester<Bid, Offer> bob = this.testers.webSocket("/offers/pen", Bid.class, Offer.class);
		ada.send(new Bid("Ada")).expect(new Offer("Ada", 3));
		bob.expect(new Offer("Ada", 3)).vanish().expectCancelled();
		assertThat(hubs.hub("offers.pen", Offer.class).subscribers()).isOne();
		assertThat(environment.getProperty("halley.hub.broker")).isEqualTo("memory");
		assertThat(environment.getProperty("shop.name")).isEqualTo("slice");
	}

	@Test
	void messagesAreValidatedAndAdvicesAnswer() {
		PairTester<Bid, Offer> ada = this.testers.webSocket("/offers/pen", Bid.class, Offer.class);
		ada.send(new Bid(" ")).expect(new Offer("", -1)).sendText("no JSON").expectClose(1003);
	}

	@Test
	void advicesRefuseHandshakes() {
		given(this.prices.of("ghost")).willThrow(new IllegalArgumentException("no such item"));
		assertThat(this.testers.refusal("/offers/ghost").status()).isEqualTo(404);
	}

	@Test
	void otherControllersAreLeftOut(@Autowired ApplicationContext context) {
		assertThat(context.getBeanNamesForType(NoteController.class)).isEmpty();
		assertThat(context.getBeanNamesForType(PageController.class)).isEmpty();
		assertThat(context.getBeanNamesForType(MockMvc.class)).hasSize(1);
		assertThat(this.testers.refusal("/notes").status()).isEqualTo(404);
	}

	@Nested
	class Inside {

		@Test
		void hasTheSlice(@Autowired ApplicationContext context) {
			assertThat(context.getBeanNamesForType(OfferController.class)).hasSize(1);
			assertThat(context.getBeanNamesForType(NoteController.class)).isEmpty();
		}

	}

}
