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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import dev.halley.slice.Shop.FixedPrices;
import dev.halley.slice.Shop.Note;
import dev.halley.slice.Shop.NoteController;
import dev.halley.slice.Shop.OfferController;
import dev.halley.slice.Shop.PageController;
import dev.halley.slice.Shop.TickController;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slice of all controllers with a mapping but one, and of a component in addition.
 */
@HalleyTest(excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = OfferController.class),
		includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = FixedPrices.class))
class WholeSliceTests {

	@Autowired
	private PairTesters testers;

	@Test
	void hasThoseWithAMapping(@Autowired ApplicationContext context) {
		assertThat(context.getBeanNamesForType(NoteController.class)).hasSize(1);
		assertThat(context.getBeanNamesForType(TickController.class)).hasSize(1);
		assertThat(context.getBeanNamesForType(PageController.class)).isEmpty();
		assertThat(context.getBeanNamesForType(OfferController.class)).isEmpty();
		assertThat(context.getBeanNamesForType(FixedPrices.class)).hasSize(1);
	}

	@Test
	void codecsOfTheApplicationAreThere() {
		this.testers.webSocket("/notes", Note.class, Note.class)
			.sendText("note: Hello")
			.expect(new Note("Hello!"))
			.send(new Note("Bye"))
			.expect(new Note("Bye!"));
	}

	@Test
	void streamsAreReadByMockMvc(@Autowired MockMvcTester mvc) {
		assertThat(mvc.get().uri("/notes").accept(MediaType.TEXT_EVENT_STREAM)).hasStatusOk()
			.bodyText()
			.contains("data: one", "data: two");
	}

}
