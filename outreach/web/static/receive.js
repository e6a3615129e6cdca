// What came decides what is counted in a box: its unit stands in the field's own label. Without this the list names it.
const item = document.getElementById('item')
const unit = document.getElementById('unit')
const name = () => { unit.textContent = item.selectedOptions[0].dataset.unit ?? '' }
item.addEventListener('change', name)
name()
