"""Vietnamese words of two or three syllables, our own list of common ones."""

COMPOUNDS = frozenset("""
việt nam|trung quốc|thái lan|hà nội|đà nẵng|hồ chí minh|thành phố|quốc gia|đất nước|nhà nước|
chính phủ|kinh tế|xã hội|văn hóa|lịch sử|giáo dục|y tế|khoa học|công nghệ|kỹ thuật|trí tuệ|
nhân tạo|hợp tác|phát triển|xây dựng|sản xuất|sản phẩm|thương mại|điện tử|điện thoại|máy tính|
máy bay|sân bay|ô tô|xe máy|xe đạp|tàu hỏa|đường sắt|đường bộ|cửa khẩu|hải quan|hàng hóa|
vận chuyển|giao hàng|nhập khẩu|xuất khẩu|doanh nghiệp|công ty|nhà máy|thị trường|khách hàng|
giá cả|chất lượng|số lượng|dịch vụ|hợp đồng|thanh toán|ngân hàng|tài chính|đầu tư|lợi nhuận|
nông nghiệp|nông dân|nông sản|trái cây|sầu riêng|thanh long|xoài cát|cà phê|hồ tiêu|lúa gạo|
cao su|thủy sản|hải sản|con tôm|con cá|rau quả|thực phẩm|đồ uống|nước mắm|bánh mì|nhà hàng|
khách sạn|du lịch|du khách|bãi biển|phong cảnh|thời tiết|nhiệt độ|môi trường|khí hậu|năng lượng|
mặt trời|điện lực|nguồn nước|ô nhiễm|bảo vệ|an toàn|an ninh|pháp luật|quy định|tiêu chuẩn|
giấy tờ|giấy phép|hộ chiếu|thị thực|bệnh viện|bác sĩ|bệnh nhân|sức khỏe|thuốc men|học sinh|
sinh viên|giáo viên|trường học|đại học|nghiên cứu|bài học|ngôn ngữ|tiếng anh|tiếng việt|
tiếng trung|dịch thuật|thông tin|dữ liệu|hệ thống|chương trình|phần mềm|phần cứng|mạng lưới|
trang web|hình ảnh|âm thanh|giọng nói|văn bản|câu hỏi|trả lời|vấn đề|giải pháp|kết quả|kế hoạch|
dự án|hội nghị|triển lãm|trung tâm|khu vực|địa phương|biên giới|quốc tế|thế giới|châu á|
đông nam á|con người|gia đình|cha mẹ|trẻ em|bạn bè|phụ nữ|đàn ông|người dân|công nhân|
nhân viên|giám đốc|chủ tịch|bộ trưởng|thủ tướng|hôm nay|ngày mai|hôm qua|bây giờ|buổi sáng|
buổi chiều|buổi tối|cuối tuần|thời gian|ngày tháng|năm nay|năm ngoái|bắt đầu|kết thúc|tiếp tục|
sử dụng|giúp đỡ|hỗ trợ|yêu cầu|đề nghị|cung cấp|tổ chức|thực hiện|quản lý|kiểm tra|đánh giá|
so sánh|lựa chọn|quyết định|thay đổi|cải thiện|tăng trưởng|giảm giá|khó khăn|thuận lợi|quan trọng|
cần thiết|đặc biệt|nổi tiếng|hiện đại|truyền thống|đẹp đẽ|vui vẻ|hạnh phúc|cảm ơn|xin chào|
xin lỗi|tạm biệt|chúng tôi|chúng ta|của tôi|bao nhiêu|tại sao|như thế nào|ở đâu|khi nào|
có thể|không thể|bởi vì|tuy nhiên|nhưng mà|ngoài ra|mặc dù|rất nhiều|một số|tất cả|đầu tiên|
cuối cùng|đồng thời|hiện nay|tương lai|quá khứ|hàng đầu|cao cấp|tự động|thông minh|đào tạo
""".replace("\n", "").split("|"))
